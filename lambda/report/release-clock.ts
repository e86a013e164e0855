import type { ReleaseStory } from './story';

/** Minutes of a release: 0 is the start of its first judged minute, so minute 7 lasts from 6 to 7. */
export class ReleaseClock {
  /** Milliseconds since the epoch at which the first judged minute begins; without one, at which the release began. */
  private readonly zero: number;

  constructor(private readonly story: ReleaseStory) {
    this.zero = story.startedAt === undefined ? this.firstMs() : firstMinute(story.startedAt, story.minuteMs);
  }

  /** @param time milliseconds since the epoch, or ISO 8601 */
  minuteOf(time: number | string): number {
    return (msOf(time) - this.zero) / this.story.minuteMs;
  }

  /** From the first thing that is known of the release to the last. */
  get span(): readonly [from: number, to: number] {
    const known = [
      0,
      this.story.minutes.length,
      this.story.verdict?.minute ?? 0,
      ...this.times.map((at) => this.minuteOf(at)),
    ];
    return [Math.min(...known), Math.max(1, ...known)];
  }

  private firstMs(): number {
    return Math.min(...this.times, Number.POSITIVE_INFINITY);
  }

  private get times(): readonly number[] {
    const { opened, verdict, ending, timeline = [] } = this.story;
    const marks = [opened, verdict, ending].flatMap((mark) => (mark ? [msOf(mark.at)] : []));
    return [...marks, ...timeline.map(({ at }) => at)];
  }
}

/** Minute 1 is the first whole one in which the canary had its share. */
function firstMinute(startedAt: string, minuteMs: number): number {
  return Math.ceil(msOf(startedAt) / minuteMs) * minuteMs;
}

function msOf(time: number | string): number {
  return typeof time === 'number' ? time : Date.parse(time);
}
