import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetricsStore } from '../../lambda/gate/ports';
import type { TrafficMinute } from '../../lambda/report/story';
import type { Arm, Minute, Plan, ProbeMinute, RateProbe } from '../../lib/model/gate-plan';
import { BUCKETS_MS, TRAFFIC_FILE } from '../traffic/traffic-meter';
import { textOf } from './ledger-folder';

/** One line of a release's counts: what was published for one minute, maybe one of several. */
interface Published {
  /** Milliseconds since the epoch. */
  readonly minuteStart: number;
  readonly probes: Minute['probes'];
}

export interface Signal {
  readonly name: 'ReleaseAbort' | 'RollbackEvidence';
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const SIGNALS = 'signals.ndjson';

export interface MinuteLength {
  readonly minuteMs: number;
  /** Minutes after its end at which a minute counts as closed, whoever is late with its counts. */
  readonly closeAfterMin: number;
}

/** CloudWatch's part as files: a line for each minute that was published, and one for each signal. */
export function metricsFile(
  folder: string,
  { minuteMs, closeAfterMin }: MinuteLength,
  now: () => number,
): MetricsStore {
  const append = async (name: string, line: unknown) => {
    await mkdir(folder, { recursive: true });
    // One write of one line: lines of several writers never mix.
    await appendFile(join(folder, name), `${JSON.stringify(line)}\n`);
  };
  return {
    publish: (release, minuteStart, probes) => append(countsOf(release), { minuteStart, probes }),
    minutes: async (plan, startedAt) => {
      const first = Math.ceil(startedAt / minuteMs) * minuteMs;
      const closed = Math.floor((now() - first) / minuteMs - closeAfterMin);
      const measured = await linesOf<Published>(join(folder, countsOf(plan.release)));
      const counted = await linesOf<TrafficMinute>(join(folder, TRAFFIC_FILE));
      return minutesFrom([...measured, ...asProbes(plan, counted)], { first, closed, minuteMs });
    },
    signal: (name, value) => append(SIGNALS, { name, value, at: now() }),
  };
}

/** Signals in the order in which they were given. */
export async function readSignals(folder: string): Promise<Signal[]> {
  return linesOf<Signal>(join(folder, SIGNALS));
}

function countsOf(release: string): string {
  return `${release}.ndjson`;
}

/** A JSON value a line; what comes after the last line end is still being written. */
export async function linesOf<T>(path: string): Promise<T[]> {
  const text = (await textOf(path)) ?? '';
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

/** What the balancer counted, as the plan's passive probes. */
function asProbes({ probes, release, stable }: Plan, counted: readonly TrafficMinute[]): Published[] {
  const passive = probes.filter((probe) => probe.kind === 'rate').filter((probe) => probe.passive);
  return counted.flatMap((minute) => {
    const of = (arm: string, probe: RateProbe) =>
      minute.release === arm ? { n: minute.requests, breaches: breachesOf(minute, probe), hard: 0 } : NOTHING;
    const counts = passive.map((probe) => [
      probe.id,
      { canary: of(release, probe), stable: of(stable, probe), misrouted: 0 },
    ]);
    return counts.length === 0 ? [] : [{ minuteStart: minute.minuteStart, probes: Object.fromEntries(counts) }];
  });
}

/** Failed requests, or those in the buckets beyond a bound; one within a bucket counts from that bucket's end on. */
function breachesOf({ errors, buckets }: TrafficMinute, { slowerThanMs }: RateProbe): number {
  if (slowerThanMs === undefined) return errors;
  const last = BUCKETS_MS.findIndex((end) => end >= slowerThanMs);
  return last < 0 ? 0 : buckets.slice(last + 1).reduce((sum, count) => sum + count, 0);
}

const NOTHING: Arm = { n: 0, breaches: 0, hard: 0 };

interface Window {
  readonly first: number;
  readonly closed: number;
  readonly minuteMs: number;
}

/** All closed minutes in order; one that nobody published is there without probes. */
function minutesFrom(counts: readonly Published[], { first, closed, minuteMs }: Window): Minute[] {
  return Array.from({ length: Math.max(0, closed) }, (_, index) => {
    const start = first + index * minuteMs;
    const parts = counts.filter(({ minuteStart }) => Math.floor(minuteStart / minuteMs) * minuteMs === start);
    return { minute: index + 1, probes: parts.map(({ probes }) => probes).reduce(added, {}) };
  });
}

function added(left: Minute['probes'], right: Minute['probes']): Minute['probes'] {
  const sum: Record<string, ProbeMinute> = { ...left };
  for (const [id, probe] of Object.entries(right)) {
    const before = sum[id];
    sum[id] = before ? addProbe(before, probe) : probe;
  }
  return sum;
}

function addProbe(left: ProbeMinute, right: ProbeMinute): ProbeMinute {
  return {
    canary: addArm(left.canary, right.canary),
    stable: addArm(left.stable, right.stable),
    misrouted: left.misrouted + right.misrouted,
  };
}

function addArm(left: Arm, right: Arm): Arm {
  return { n: left.n + right.n, breaches: left.breaches + right.breaches, hard: left.hard + right.hard };
}
