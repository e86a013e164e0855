import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C, or somebody who asks this process to end. The second time it ends at once, and the warden clears up. */
export class Interruption {
  /** Rejects when it happens. */
  readonly happened: Promise<never>;
  /** 128 and the signal's number, as shells have it. */
  exitCode: number | undefined;

  constructor() {
    this.happened = new Promise((_, reject) => {
      for (const signal of SIGNALS) {
        process.on(signal, () => {
          if (this.exitCode !== undefined) process.exit(this.exitCode);
          this.exitCode = 128 + constants.signals[signal];
          reject(new Error('interrupted: ending everything'));
        });
      }
    });
    this.happened.catch(() => undefined);
  }
}
