import { setTimeout as delay } from 'node:timers/promises';

const SECONDS_A_MINUTE = 60;

/** Compressed time: what AWS counts in minutes takes as many of the rehearsal's minutes; everything else takes its real time. */
export class Clock {
  /** @param minuteMs how long one minute of the release takes */
  constructor(readonly minuteMs: number) {}

  /** Real milliseconds that stand for so many seconds of a release. */
  ofSeconds(seconds: number): number {
    return (seconds / SECONDS_A_MINUTE) * this.minuteMs;
  }

  /** @throws the signal's reason when it is aborted */
  async waitSeconds(seconds: number, signal: AbortSignal): Promise<void> {
    try {
      await delay(this.ofSeconds(seconds), undefined, { signal });
    } catch {
      throw signal.reason;
    }
  }

  waitMinutes(minutes: number, signal: AbortSignal): Promise<void> {
    return this.waitSeconds(minutes * SECONDS_A_MINUTE, signal);
  }
}
