import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../lambda/gate/judge';
import { seriesOf } from '../../../lambda/gate/metric-data';
import { DEFAULT_PLAN, LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import type { Minute, Plan, ProbeMinute, RateEvidence, RateProbe } from '../../../lib/model/gate-plan';
import { probeSpec } from '../../../lib/model/plan-for';
import { plan as powerOf } from '../../../lib/model/power';
import { metricsFile } from '../../../rehearsal/ports/metrics-file';
import { cleanBut, pair } from '../../support/minutes';
import { said } from '../../support/verdicts';

/** Real requests slower than half a second, beside those that fail. */
const LATENCY: RateProbe = { ...LOGIN, ...{ id: 'latency', perMinute: 0, burst: 1, passive: true, slowerThanMs: 500 } };

const PROBES_ALONE: Plan = DEFAULT_PLAN;
const WITH_TRAFFIC: Plan = { ...DEFAULT_PLAN, probes: [...DEFAULT_PLAN.probes, TRAFFIC, LATENCY] };

/** Every probe clean but for login, which breaches as often as it should not; and so many real requests at these chances. */
function minutes(
  count: number,
  { logins = 0, canary = 0, p = 0, id = 'latency' }: { logins?: number; canary?: number; p?: number; id?: string },
): Minute[] {
  const traffic = (chance: number): ProbeMinute =>
    pair(Math.round(canary * chance), Math.round(9 * canary * 0.002), canary, 9 * canary);
  return cleanBut(count, () => ({
    login: pair(logins, 0),
    ...(canary > 0
      ? { traffic: traffic(id === 'traffic' ? p : 0.002), latency: traffic(id === 'latency' ? p : 0.002) }
      : {}),
  }));
}

function firstRollback(plan: Plan, all: readonly Minute[]): number | undefined {
  const verdict = judge(plan, all);
  return verdict.verdict === 'rollback' ? verdict.minute : undefined;
}

const EVERY = (all: readonly Minute[]) =>
  all.map(({ minute, probes: { traffic: _, latency: __, ...rest } }) => ({ minute, probes: rest }));

describe('where no user comes by', () => {
  test('a good release is promoted as early as without real traffic', () => {
    expect(said(judge(WITH_TRAFFIC, minutes(30, {})))).toBe('promote CERTIFIED @30');
    expect(said(judge(PROBES_ALONE, EVERY(minutes(30, {}))))).toBe('promote CERTIFIED @30');
  });

  test.each([4, 6, 12])('a release of which %d of 20 logins breach goes back within a minute of then', (logins) => {
    const all = minutes(45, { logins });
    const alone = firstRollback(PROBES_ALONE, EVERY(all))!;
    expect(firstRollback(WITH_TRAFFIC, all)! - alone).toBeLessThanOrEqual(1);
  });

  test('its probes certify by having too few samples, and say how few', () => {
    const { evidence } = judge(WITH_TRAFFIC, minutes(30, {}));
    for (const id of ['traffic', 'latency'])
      expect(evidence.probes[id]).toMatchObject({ certified: true, canary: { n: 0 }, coverage: { enough: true } });
  });
});

describe('where many users come by', () => {
  test.each([
    ['fail', 'traffic', 0.03],
    ['are slow', 'latency', 0.12],
  ])('a release whose real requests %s goes back in minutes, though every probe of it is clean', (_, id, p) => {
    const few = firstRollback(WITH_TRAFFIC, minutes(45, { canary: 20, p, id }));
    const many = firstRollback(WITH_TRAFFIC, minutes(45, { canary: 6000, p, id }))!;
    expect(many).toBeLessThanOrEqual(5);
    expect(few ?? 45).toBeGreaterThan(many);
    expect(judge(WITH_TRAFFIC, minutes(45, { canary: 6000, p, id })).probe).toBe(id);
  });

  test('they are what decides: their share of the evidence is all but one', () => {
    const { evidence } = judge(WITH_TRAFFIC, minutes(4, { canary: 6000, p: 0.12 }));
    expect((evidence.probes.latency as RateEvidence).share).toBeGreaterThan(0.99);
  });

  test('a release that suits its users but not the probe of its sign-in goes back all the same', () => {
    expect(firstRollback(WITH_TRAFFIC, minutes(45, { logins: 6, canary: 6000, p: 0.002 }))).toBeLessThanOrEqual(8);
  });

  test('a release that its users show to be worse than its certificate is not promoted', () => {
    expect(said(judge(WITH_TRAFFIC, minutes(30, { canary: 40, p: 0.075 })))).toMatch(
      /^extend UNCERTIFIED latency @30$/,
    );
  });

  test('trouble of their environment, on both arms, does not speak against the release', () => {
    const troubled = cleanBut(30, (minute) => {
      const slow = minute >= 10 && minute < 15 ? 0.4 : 0.01;
      return { latency: pair(Math.round(600 * slow), Math.round(5400 * slow), 600, 5400) };
    });
    expect(judge(WITH_TRAFFIC, troubled).verdict).not.toBe('rollback');
  });
});

describe('what a balancer counts', () => {
  test('is read from CloudWatch as failures, or as the count of slower answers', () => {
    const groups = { balancer: 'app/edge/1', canary: 'targetgroup/green/2', stable: 'targetgroup/blue/3' };
    const passive = { ...WITH_TRAFFIC, probes: [TRAFFIC, LATENCY] };
    const read = seriesOf(passive, 'Sluice/coach', groups).map(({ probe, part, MetricName, Stat, Dimensions }) =>
      [probe, part, MetricName, Stat ?? 'Sum', Dimensions[1]!.Value].join(' '),
    );
    expect(read).toEqual([
      'traffic canary.n RequestCount Sum targetgroup/green/2',
      'traffic canary.breaches HTTPCode_Target_5XX_Count Sum targetgroup/green/2',
      'traffic stable.n RequestCount Sum targetgroup/blue/3',
      'traffic stable.breaches HTTPCode_Target_5XX_Count Sum targetgroup/blue/3',
      'latency canary.n RequestCount Sum targetgroup/green/2',
      'latency canary.breaches TargetResponseTime TC(0.5:) targetgroup/green/2',
      'latency stable.n RequestCount Sum targetgroup/blue/3',
      'latency stable.breaches TargetResponseTime TC(0.5:) targetgroup/blue/3',
    ]);
  });

  test('is read in a rehearsal from the counts of its router, by the buckets beyond the bound', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traffic-'));
    const buckets = (slow: number) => [0, 10, 20, 5, 40, slow, 2, 0, 1];
    const lines = [
      { minuteStart: 60_000, release: 'v2', requests: 81, errors: 3, buckets: buckets(3) },
      { minuteStart: 60_000, release: 'v1', requests: 78, errors: 1, buckets: buckets(0) },
    ];
    writeFileSync(join(folder, 'traffic.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const metrics = metricsFile(folder, { minuteMs: 60_000, closeAfterMin: 0 }, () => 120_000);
    const plan = { ...WITH_TRAFFIC, release: 'v2', stable: 'v1' };
    expect(await metrics.minutes(plan, 60_000)).toEqual([
      { minute: 1, probes: { traffic: pair(3, 1, 81, 78), latency: pair(6, 3, 81, 78) } },
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe('a passive probe in a system', () => {
  const objective = { p0: 0.05, pTol: 0.08, typical: 0.02, mustCatch: 0.1, weight: 0.3 };

  test('counts what fails, or what is slower than it says', () => {
    expect(probeSpec({ kind: 'traffic', id: 'traffic', objective })).toMatchObject({
      bound: '5xx < 5 %',
      passive: true,
    });
    expect(probeSpec({ kind: 'traffic', id: 'latency', slowerThanMs: 500, objective })).toEqual({
      ...{ kind: 'rate', id: 'latency', bound: 'p95 < 500 ms', ...objective },
      ...{ perMinute: 0, burst: 1, passive: true, slowerThanMs: 500 },
    });
  });

  test('alone may go by latency: a scheduled probe knows its own bound', () => {
    const probes = [{ ...LOGIN, slowerThanMs: 500 }];
    expect(() => powerOf({ ...DEFAULT_PLAN, probes })).toThrow(
      'probes.login.slowerThanMs = 500: it must be above 0, and of a passive probe.',
    );
    expect(() => powerOf(WITH_TRAFFIC)).not.toThrow();
  });
});
