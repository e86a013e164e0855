/** How one setting is read. Throws with what is expected. */
export type Reader<T> = (text: string | undefined) => T;

/** Every setting that is missing or wrong, by name. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Read settings from environment variables.
 *
 * @throws SettingsError naming every variable that is missing or wrong, one line each; values are not repeated, as they may be secret
 */
export function readSettings<T extends Record<string, unknown>>(
  environment: Readonly<Record<string, string | undefined>>,
  readers: { readonly [K in keyof T]: readonly [variable: string, read: Reader<T[K]>] },
): T {
  const problems: string[] = [];
  const entries = Object.entries(readers).map(([name, [variable, read]]) => {
    try {
      return [name, read(environment[variable] || undefined)];
    } catch (error) {
      problems.push(
        `environment variable ${variable}: expected ${(error as Error).message}; set it in the task definition`,
      );
      return [name, undefined];
    }
  });
  if (problems.length > 0) throw new SettingsError(problems.join('\n'));
  return Object.fromEntries(entries) as T;
}

export const text: Reader<string> = (value) => {
  if (value === undefined) throw new Error('a value, got nothing');
  return value;
};

/** The value, or a default when the variable is not set. */
export function withDefault<T>(fallback: T, read: Reader<T>): Reader<T> {
  return (value) => (value === undefined ? fallback : read(value));
}

export function whole(least: number, most: number): Reader<number> {
  return (value) => {
    const number = Number(value);
    if (value !== undefined && Number.isInteger(number) && number >= least && number <= most) return number;
    throw new Error(
      `a whole number from ${least} to ${most}, got ${value === undefined ? 'nothing' : 'something else'}`,
    );
  };
}

export function url(...protocols: string[]): Reader<string> {
  return (value) => {
    if (value !== undefined && URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    throw new Error(
      `a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}, got ${value === undefined ? 'nothing' : 'something else'}`,
    );
  };
}

export function oneOf<T extends string>(...values: readonly T[]): Reader<T> {
  return (value) => {
    const found = values.find((known) => known === value);
    if (found !== undefined) return found;
    throw new Error(`one of ${values.join(', ')}, got ${value === undefined ? 'nothing' : 'something else'}`);
  };
}

/** What the reader reads, or nothing when the variable is not set. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : read(value));
}

export const list: Reader<readonly string[]> = (value) =>
  (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** `kid:secret` pairs, the current one first; the others are still accepted, so that a secret can be rotated without a gap. */
export const secrets: Reader<readonly SharedSecret[]> = (value) => {
  const pairs = list(value).map((pair) => ({
    kid: pair.slice(0, pair.indexOf(':')),
    secret: pair.slice(pair.indexOf(':') + 1),
  }));
  if (pairs.length > 0 && pairs.every(({ kid, secret }) => kid && secret.length >= 16)) return pairs;
  throw new Error('kid:secret pairs with secrets of 16 characters or more, current first');
};

export interface SharedSecret {
  readonly kid: string;
  readonly secret: string;
}

/** As pino, which Fastify logs with, names them. */
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What every service reads: who it is, where it listens, whom it follows. */
export const COMMON = {
  release: ['RELEASE_ID', text],
  port: ['PORT', withDefault(8080, whole(0, 65_535))],
  host: ['HOST', withDefault('0.0.0.0', text)],
  logLevel: ['LOG_LEVEL', withDefault('info', oneOf(...LOG_LEVELS))],
  pointer: ['CANARY_POINTER', text],
  pointerEveryMs: ['CANARY_POINTER_EVERY_MS', withDefault(15_000, whole(50, 60_000))],
  drainMs: ['DRAIN_MS', withDefault(5_000, whole(0, 60_000))],
  stopTimeoutMs: ['STOP_TIMEOUT_MS', withDefault(110_000, whole(100, 120_000))],
} as const satisfies Record<string, readonly [string, Reader<unknown>]>;

type Read<R> = { readonly [K in keyof R]: R[K] extends readonly [string, Reader<infer T>] ? T : never };

export type SettingsOf<R> = Read<R>;
