import type { EnvName } from './system';

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
 * - `name`, `words`: made-up words, of at most the length the column allows
 * - `email`: an address at `masked.invalid`, unique where the original was
 * - `phone`, `digits`: other digits in the same places
 * - `text`: letters for letters and digits for digits, of the same length
 * - `uuid`, `ip`, `date`: another one; a date keeps its year
 * - `secret`: what nobody can log in with
 * - `json`: every text and number below it, as `text` and `digits`
 * - `null`: nothing, where the column may be empty
 */
export type MaskKind =
  | 'name'
  | 'words'
  | 'email'
  | 'phone'
  | 'digits'
  | 'text'
  | 'uuid'
  | 'ip'
  | 'date'
  | 'secret'
  | 'json'
  | 'null';

/** What is masked, by table and column; `keep` says of a column that looks personal that it is not. */
export type MaskedColumns = Readonly<Record<string, Readonly<Record<string, MaskKind | 'keep'>>>>;

/** When each environment takes releases, where nobody says otherwise; outside the maintenance of its stores, and while people are awake. */
export const RELEASE_WINDOWS: Readonly<Record<EnvName, ReleaseWindow | undefined>> = {
  dev: undefined,
  staging: undefined,
  prod: { timeZone: 'Asia/Singapore', days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '17:00' },
};
