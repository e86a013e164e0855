/** One thing wrong in what a person wrote, phrased for that person. */
export interface Problem {
  /** Path of the value, e.g. `stores.db.readReplicas`. */
  readonly at: string;
  /** The value found. */
  readonly got: unknown;
  /** What is allowed, as a noun phrase, e.g. `0 to 15`. */
  readonly expected: string;
  /** The most likely change that puts it right, as an imperative. */
  readonly fix: string;
}

/** Thrown once, with every problem found, so that one run shows the whole list. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /** @param where what was read, e.g. `coach/prod` or a file's name */
  constructor(
    where: string,
    readonly problems: readonly Problem[],
  ) {
    super(problems.map((problem) => describeProblem(where, problem)).join('\n'));
  }
}

/** One line: `<where>: <path>: expected <allowed>, got <value>; <fix>`. */
export function describeProblem(where: string, { at, got, expected, fix }: Problem): string {
  return `${where}: ${at}: expected ${expected}, got ${inWords(got)}; ${fix}`;
}

/** JSON knows neither NaN nor infinity. */
function inWords(got: unknown): string {
  if (got === undefined) return 'nothing';
  return typeof got === 'number' ? String(got) : JSON.stringify(got);
}
