import type { ReleaseResult } from '../../rehearsal/release-run';
import type { Watcher } from '../../rehearsal/watcher';
import type { RehearseOptions } from './options';

export interface Screen extends Watcher {
  ended(result: ReleaseResult, report: string): void;
  close(): void;
}

export function screenFor(stream: NodeJS.WriteStream, _options: RehearseOptions): Screen {
  const write = (line: string) => void stream.write(`${new Date().toISOString().slice(11, 23)} ${line}\n`);
  return {
    note: write,
    begin: ({ title, release, sentence }) => write(`== ${release} ${title}: ${sentence}`),
    planned: () => write('planned'),
    happened: (h) => write(JSON.stringify(h)),
    minute: (m) => write(`minute ${m.minute} ${JSON.stringify(m.probes)}`),
    ended: (r, report) =>
      write(
        `${r.release} ${r.fault.name}: ${r.outcome} at minute ${r.minute} because ${r.because} ${r.asExpected ? 'AS EXPECTED' : 'UNEXPECTED'} felt ${JSON.stringify(r.felt)} ${report}`,
      ),
    close: () => undefined,
  };
}
