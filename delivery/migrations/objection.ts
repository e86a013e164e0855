/**
 * What speaks against a statement.
 *
 * - `breaks`: the release that is still running may fail by it
 * - `locks`: others wait for it for as long as it takes
 * - `unreadable`: nobody can tell from the text what it does
 * - `misplaced`: it cannot work where it stands
 */
export type Reason = 'breaks' | 'locks' | 'unreadable' | 'misplaced';

export interface Objection {
  readonly reason: Reason;
  /** What would be allowed, as a noun phrase. */
  readonly expected: string;
  /** What stands there instead. */
  readonly got: string;
  readonly fix: string;
  /** Byte offset in the file where it is, if that is not the statement's own. */
  readonly offset?: number;
}
