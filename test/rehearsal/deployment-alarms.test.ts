import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DeploymentAlarms } from '../../rehearsal/controller/deployment-alarms';
import { metricsFile } from '../../rehearsal/ports/metrics-file';
import { TRAFFIC_FILE, TrafficMeter } from '../../rehearsal/traffic/traffic-meter';

const MINUTE_MS = 60_000;
let folder: string;
let alarms: DeploymentAlarms;
let meter: TrafficMeter;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alarms-test-'));
  alarms = new DeploymentAlarms(folder, MINUTE_MS);
  meter = new TrafficMeter(folder);
});

afterEach(() => rmSync(folder, { recursive: true }));

const firing = () => alarms.all.filter((alarm) => alarm.inAlarm()).map(({ name }) => name);
const answer = (status: number, ms = 10) => ({ listener: 'edge', group: 'edge-a', status, ms, by: 'target' as const });

async function minutes(count: number, fill: () => void): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    fill();
    alarms.add(await meter.close(minute * MINUTE_MS));
  }
}

describe('the balancer counts', () => {
  test('answers of each release, its 5xx, and how long they took, a minute at a time', async () => {
    meter.count('v1', answer(200, 20));
    meter.count('v1', answer(500, 300));
    meter.count('v2', answer(200, 9_000));

    const counted = [
      { minuteStart: 60_000, release: 'v1', requests: 2, errors: 1, buckets: [1, 0, 0, 0, 1, 0, 0, 0, 0] },
      { minuteStart: 60_000, release: 'v2', requests: 1, errors: 0, buckets: [0, 0, 0, 0, 0, 0, 0, 0, 1] },
    ];
    expect(await meter.close(60_000)).toEqual(counted);
    expect(await meter.close(120_000)).toEqual([]);
    expect(readFileSync(join(folder, TRAFFIC_FILE), 'utf8')).toBe(
      counted.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  });

  test('not what it answered itself: no release did', async () => {
    meter.count('v2', { ...answer(503), by: 'balancer' });
    expect(await meter.close(0)).toEqual([]);
  });
});

describe('the alarm on errors', () => {
  const failing = () => {
    for (let i = 0; i < 10; i += 1) meter.count('v2', answer(i < 6 ? 500 : 200));
  };

  test('fires after three bad minutes in a row, and not after two', async () => {
    await minutes(2, failing);
    expect(firing()).toEqual([]);
    await minutes(1, failing);
    expect(firing()).toEqual(['front-5xx']);
  });

  test('looks at both releases together: the groups swap roles', async () => {
    await minutes(3, () => {
      failing();
      for (let i = 0; i < 10; i += 1) meter.count('v1', answer(200));
    });
    expect(firing()).toEqual([]);
  });

  test('says nothing of a handful of requests', async () => {
    await minutes(3, () => {
      for (let i = 0; i < 4; i += 1) meter.count('v2', answer(500));
    });
    expect(firing()).toEqual([]);
  });
});

test('the alarm on latency fires when the slowest twentieth stays slow for three minutes', async () => {
  await minutes(3, () => {
    for (let i = 0; i < 20; i += 1) meter.count('v2', answer(200, i < 2 ? 6_000 : 10));
  });
  expect(firing()).toEqual(['front-p95']);
});

test('a release waits until the alarms of the one before it are silent, and gives up naming those that are not', async () => {
  const quick = new DeploymentAlarms(folder, 100);
  const signals = metricsFile(folder, { minuteMs: 100, closeAfterMin: 0 }, Date.now);
  await signals.signal('ReleaseAbort', 1);
  const started = Date.now();
  await quick.quiet(10);
  expect(Date.now() - started).toBeGreaterThanOrEqual(90);

  const stuck = new DeploymentAlarms(folder, 100);
  for (let i = 0; i < 3; i += 1) stuck.add([{ minuteStart: 0, release: 'v1', requests: 9, errors: 9, buckets: [9] }]);
  await expect(stuck.quiet(0.1)).rejects.toThrow('alarms: expected none before a release, got front-5xx');
});

test("the gate's brake is an alarm while its signal is fresh", async () => {
  await metricsFile(folder, { minuteMs: MINUTE_MS, closeAfterMin: 0 }, () => Date.now() - 2 * MINUTE_MS).signal(
    'ReleaseAbort',
    1,
  );
  await alarms.refresh();
  expect(firing()).toEqual([]);

  await metricsFile(folder, { minuteMs: MINUTE_MS, closeAfterMin: 0 }, Date.now).signal('ReleaseAbort', 1);
  await alarms.refresh();
  expect(firing()).toEqual(['release-abort']);
});
