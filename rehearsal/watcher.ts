import type { Happening } from '../lambda/report/story';
import type { Minute, Plan } from '../lib/model/gate-plan';

/** Whoever looks on while a release is rehearsed. */
export interface Watcher {
  /** A line about the rehearsal itself. */
  note(line: string): void;
  begin(release: { readonly title: string; readonly release: string; readonly sentence: string }): void;
  /** The plan stands: the canary may take its share. */
  planned(plan: Plan): void;
  happened(happening: Happening): void;
  /** A minute has closed. */
  minute(minute: Minute): void;
}
