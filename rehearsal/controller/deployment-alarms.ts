import { setTimeout as delay } from 'node:timers/promises';
import type { TrafficMinute } from '../../lambda/report/story';
import { readSignals, type Signal } from '../ports/metrics-file';
import { BUCKETS_MS } from '../traffic/traffic-meter';
import type { Alarm } from './alarms';

/** Datapoints that must all breach; a coarse second opinion, which a passing trouble of both arms must not trip. */
const DATAPOINTS = 3;
const MOST_ERRORS = 0.5;
/** The last bucket: in compressed minutes three of them are but seconds, and this machine's own hiccups can be as long. */
const MOST_P95_MS = 5_000;
/** An alarm on a handful of requests would say little. */
const LEAST_REQUESTS = 5;
const LOOK_MS = 50;

/**
 * The alarms that stand in every service's deployment: the gate's brake, and the front's errors and latency summed over both
 * target groups, as the groups swap roles.
 */
export class DeploymentAlarms {
  private readonly minutes: (readonly TrafficMinute[])[] = [];
  private signals: readonly Signal[] = [];

  constructor(
    private readonly folder: string,
    private readonly minuteMs: number,
  ) {}

  readonly all: readonly Alarm[] = [
    { name: 'release-abort', inAlarm: () => this.signalled('ReleaseAbort', 1) },
    { name: 'rollback-evidence', inAlarm: () => this.signalled('RollbackEvidence', 0) },
    { name: 'front-5xx', inAlarm: () => this.breaching((minute) => share(minute, 'errors') > MOST_ERRORS) },
    { name: 'front-p95', inAlarm: () => this.breaching((minute) => p95(minute) > MOST_P95_MS) },
  ];

  /** Names of those that are firing, as of the last look at the signals. */
  firing(): readonly string[] {
    return this.all.filter((alarm) => alarm.inAlarm()).map(({ name }) => name);
  }

  /** What the balancer counted in the minute that just ended. */
  add(minute: readonly TrafficMinute[]): void {
    this.minutes.push(minute);
    if (this.minutes.length > DATAPOINTS) this.minutes.shift();
  }

  /** Read what was signalled since. */
  async refresh(): Promise<void> {
    this.signals = await readSignals(this.folder);
  }

  /**
   * Wait until no alarm is firing, as the pipeline does before it deploys: one that fires when a deployment starts is ignored for
   * the whole of it.
   *
   * @throws Error naming the alarms when they still fire after so many minutes
   */
  async quiet(minutes: number): Promise<void> {
    const end = Date.now() + minutes * this.minuteMs;
    for (;;) {
      await this.refresh();
      const firing = this.firing();
      if (firing.length === 0) return;
      if (Date.now() > end) throw new Error(`alarms: expected none before a release, got ${firing.join(', ')}`);
      await delay(LOOK_MS);
    }
  }

  /** One datapoint of the last minute is enough; without one there is no alarm. */
  private signalled(name: Signal['name'], least: number): boolean {
    const since = Date.now() - this.minuteMs;
    return this.signals.some((signal) => signal.name === name && signal.value >= least && signal.at >= since);
  }

  private breaching(breaches: (minute: readonly TrafficMinute[]) => boolean): boolean {
    return this.minutes.length === DATAPOINTS && this.minutes.every(breaches);
  }
}

function share(minute: readonly TrafficMinute[], what: 'errors'): number {
  const requests = sum(minute.map((counts) => counts.requests));
  return requests < LEAST_REQUESTS ? 0 : sum(minute.map((counts) => counts[what])) / requests;
}

function p95(minute: readonly TrafficMinute[]): number {
  const requests = sum(minute.map((counts) => counts.requests));
  if (requests < LEAST_REQUESTS) return 0;
  let left = 0.95 * requests;
  for (const [i, end] of BUCKETS_MS.entries()) {
    left -= sum(minute.map(({ buckets }) => buckets[i]!));
    if (left <= 0) return end;
  }
  return Number.POSITIVE_INFINITY;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
