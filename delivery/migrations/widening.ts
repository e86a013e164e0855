/** Types that grow by their first number; one without a number takes anything. */
const GROWING = /^(varchar|varbit|timestamp|timestamptz|time|timetz|interval)(?:\((\d+)\))?$/;
const NUMERIC = /^numeric(?:\((\d+)(?:,(-?\d+))?\))?$/;

/** Pairs whose values are the same bytes. */
const SAME_BYTES = [/^varchar(\(\d+\))?>text$/, /^text>varchar$/, /^cidr>inet$/, /^varchar(\(\d+\))?>varchar$/];

/**
 * Whether every value of one type is a value of the other, stored alike, so that PostgreSQL changes the catalogue alone.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html, notes on rewriting
 */
export function widens(from: string, to: string): boolean {
  if (from === to || SAME_BYTES.some((pair) => pair.test(`${from}>${to}`))) return true;
  return grows(GROWING.exec(from), GROWING.exec(to)) || numericGrows(NUMERIC.exec(from), NUMERIC.exec(to));
}

function grows(from: RegExpExecArray | null, to: RegExpExecArray | null): boolean {
  if (!from || !to || from[1] !== to[1]) return false;
  if (to[2] === undefined) return true;
  return from[2] !== undefined && Number(to[2]) >= Number(from[2]);
}

function numericGrows(from: RegExpExecArray | null, to: RegExpExecArray | null): boolean {
  if (!from || !to) return false;
  if (to[1] === undefined) return true;
  return from[1] !== undefined && Number(to[1]) >= Number(from[1]) && (to[2] ?? '0') === (from[2] ?? '0');
}
