/** When releases may go out, in the time of a place where people are awake. */
export interface ReleaseWindow {
  /** IANA name, e.g. `Asia/Singapore`. */
  readonly timeZone: string;
  readonly days: readonly Weekday[];
  /** `HH:MM`; from the first inclusive to the second exclusive. */
  readonly from: string;
  readonly to: string;
}

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * How the values of a column are replaced in a copy of production data. Equal values of a kind get equal masks, in every table, so
 * that joins hold.
 *
 * - `name`: made-up words
 * - `email`: an address at `masked.invalid`
 * - `text`: letters for letters and digits for digits, of the same length
 * - `digits`: the same, for numbers of people: of a text, or a whole number of as many digits
 * - `uuid`, `ip`: another one
 * - `date`: another day of the same year
 * - `secret`: what opens nothing
 * - `json`: every text and number below it, as `text` and `digits`
 * - `null`: nothing, where the column may be empty
 */
export type MaskKind = 'name' | 'email' | 'digits' | 'text' | 'uuid' | 'ip' | 'date' | 'secret' | 'json' | 'null';

/** What is masked, by table (with its schema where that is not `public`) and column. `keep`: looks personal, and is not. */
export type MaskedColumns = Readonly<Record<string, Readonly<Record<string, MaskKind | 'keep'>>>>;
