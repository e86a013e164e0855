import type { ReleaseResult } from '../../rehearsal/release-run';
import { ReleaseView } from '../../rehearsal/view/release-view';
import type { Watcher } from '../../rehearsal/watcher';

/** What a person sees of a rehearsal. */
export interface Screen extends Watcher {
  ended(result: ReleaseResult & { readonly report: string }): void;
  /** Nothing is drawn from now on. */
  close(): void;
}

export function screenOn(stream: NodeJS.WriteStream): Screen {
  return new ReleaseView({ stream, now: Date.now });
}
