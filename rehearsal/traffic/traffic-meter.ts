import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrafficMinute } from '../../lambda/report/story';
import type { Answered } from '../router/exchange';

export const TRAFFIC_FILE = 'traffic.ndjson';

/** Upper ends of the latency buckets; the last one has none. */
export const BUCKETS_MS = [25, 50, 100, 250, 500, 1_000, 2_500, 5_000] as const;

interface Counts {
  requests: number;
  errors: number;
  readonly buckets: number[];
}

/** Counts the answers of target groups by release, a minute at a time, as a balancer's CloudWatch metrics do. */
export class TrafficMeter {
  private current = new Map<string, Counts>();

  constructor(private readonly folder: string) {}

  /** @param release of the target group that answered */
  count(release: string, { status, ms, by }: Answered): void {
    if (by !== 'target') return;
    const counts = this.current.get(release) ?? {
      requests: 0,
      errors: 0,
      buckets: Array(BUCKETS_MS.length + 1).fill(0),
    };
    counts.requests += 1;
    if (status >= 500) counts.errors += 1;
    const bucket = BUCKETS_MS.findIndex((end) => ms <= end);
    counts.buckets[bucket < 0 ? BUCKETS_MS.length : bucket]! += 1;
    this.current.set(release, counts);
  }

  /** The minute is over: keep its counts, and begin anew. */
  async close(minuteStart: number): Promise<readonly TrafficMinute[]> {
    const minutes = [...this.current].map(([release, counts]) => ({ minuteStart, release, ...counts }));
    this.current = new Map();
    if (minutes.length > 0) {
      await mkdir(this.folder, { recursive: true });
      const lines = minutes.map((minute) => `${JSON.stringify(minute)}\n`).join('');
      await appendFile(join(this.folder, TRAFFIC_FILE), lines);
    }
    return minutes;
  }
}
