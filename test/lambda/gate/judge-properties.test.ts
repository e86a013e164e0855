import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../../../lambda/gate/judge';
import { readRecording, writeRecording } from '../../../lambda/gate/minutes-file';
import { replay } from '../../../lambda/gate/replay';
import { lnRel } from '../../../lib/model/evidence/e-values';
import { AI, BENCH_PLAN, LOGIN, SUCCESS } from '../../../lib/model/gate-defaults';
import { BENCH_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Arm, Minute, Plan, ProbeMinute, RateEvidence } from '../../../lib/model/gate-plan';
import { minutesOf } from '../../support/minutes';

/** So short that promotions, rollbacks and waits of every kind turn up. */
const SHORT = {
  ...{ bakeMin: 6, hardStopMin: 9, burnInMin: 1, tailMin: 3 },
  probes: [
    { ...LOGIN, pTol: 0.25, mustCatch: 0.4, weight: 0.6 },
    { ...SUCCESS, pTol: 0.2, mustCatch: 0.4, weight: 0.4 },
    AI,
  ],
};

const PLANS: readonly Plan[] = [
  { ...BENCH_PLAN_V1, ...SHORT },
  { ...BENCH_PLAN, ...SHORT, finalBakeMin: 4, recent: { minutes: 2, evidence: 20 } },
];

/** An arm as it is found: mostly full and well, sometimes sick, short or silent. */
function anArm(perMinute: number): fc.Arbitrary<Arm> {
  const n = fc.oneof({ weight: 6, arbitrary: fc.constant(perMinute) }, { weight: 1, arbitrary: fc.nat(3 * perMinute) });
  const share = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  );
  return fc.tuple(n, share, fc.boolean()).map(([samples, bad, hard]) => {
    const breaches = Math.floor(samples * bad);
    return { n: samples, breaches, hard: hard ? Math.min(1, breaches) : 0 };
  });
}

function counts(perMinute: number): fc.Arbitrary<ProbeMinute> {
  return fc.record({
    canary: anArm(perMinute),
    stable: anArm(perMinute),
    misrouted: fc.oneof(fc.constant(0), fc.nat(40)),
  });
}

const probes = fc.record({ login: counts(20), success: counts(30), ai: counts(1) }, { requiredKeys: [] });

const release = fc
  .array(probes, { minLength: 1, maxLength: 12 })
  .map((minutes) => minutesOf(...(minutes as Minute['probes'][])));

/** The same minutes with more canary breaches of login in one of them. */
const worsened = fc.tuple(release, fc.nat(), fc.nat()).map(([minutes, at, more]) => {
  const index = at % minutes.length;
  const worse = minutes.map((minute, i) =>
    i === index ? { ...minute, probes: { ...minute.probes, ...worsen(minute, more) } } : minute,
  );
  return [minutes, worse] as const;
});

function worsen({ probes: { login } }: Minute, more: number): Minute['probes'] {
  if (!login) return {};
  const { n, breaches } = login.canary;
  return { login: { ...login, canary: { ...login.canary, breaches: breaches + (more % (n - breaches + 1)) } } };
}

const login = (plan: Plan, minutes: readonly Minute[]) => judge(plan, minutes).evidence.probes.login as RateEvidence;

/** The plan without an end, so that the evidence of all minutes is seen. */
const endless = (plan: Plan): Plan => ({
  ...plan,
  ...{ alpha: 1e-300, bakeMin: 100, hardStopMin: 100, probes: [plan.probes[0]!] },
});
const onlyLogin = (minutes: readonly Minute[]): Minute[] =>
  minutes.map(
    ({ minute, probes: { login: only } }): Minute => ({
      minute,
      probes: only ? { login: { ...only, canary: { ...only.canary, hard: 0 } } } : {},
    }),
  );

describe.each(PLANS)('by a plan of version $version, more breaches on the canary', (PLAN) => {
  const ENDLESS = endless(PLAN);

  test('never lower the evidence against it', () => {
    fc.assert(
      fc.property(worsened, ([minutes, worse]) => {
        const before = login(ENDLESS, onlyLogin(minutes)).lnE;
        expect(login(ENDLESS, onlyLogin(worse)).lnE).toBeGreaterThanOrEqual(before - 1e-9);
      }),
    );
  });

  test('never raise a certificate', () => {
    fc.assert(
      fc.property(worsened, ([minutes, worse]) => {
        const before = login(ENDLESS, onlyLogin(minutes));
        const after = login(ENDLESS, onlyLogin(worse));
        expect(after.certWhole).toBeLessThanOrEqual(before.certWhole + 1e-9);
        expect(after.certTail).toBeLessThanOrEqual(before.certTail + 1e-9);
      }),
    );
  });

  test('never turn a rollback into a promotion', () => {
    fc.assert(
      fc.property(worsened, ([minutes, worse]) => {
        if (judge(PLAN, minutes).verdict === 'rollback') expect(judge(PLAN, worse).verdict).not.toBe('promote');
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(PLANS)('the verdict of a plan of version $version does not depend on', (PLAN) => {
  test('the order of the probes in the plan', () => {
    fc.assert(
      fc.property(release, (minutes) => {
        const one = judge(PLAN, minutes);
        const other = judge({ ...PLAN, probes: [...PLAN.probes].reverse() }, minutes);
        expect([other.verdict, other.because, other.minute]).toEqual([one.verdict, one.because, one.minute]);
        expect(other.evidence.lnE).toBeCloseTo(one.evidence.lnE, 9);
      }),
    );
  });

  test('the order in which a minute names its probes', () => {
    fc.assert(
      fc.property(release, (minutes) => {
        const reversed = minutes.map(({ minute, probes: named }) => ({
          minute,
          probes: Object.fromEntries(Object.entries(named).reverse()),
        }));
        expect(judge(PLAN, reversed)).toEqual(judge(PLAN, minutes));
      }),
    );
  });

  test('when or how often the gate was asked', () => {
    fc.assert(
      fc.property(release, (minutes) => {
        const asked = minutes.map((_, i) => judge(PLAN, minutes.slice(0, i + 1)));
        expect(replay(PLAN, minutes)).toEqual(asked);
      }),
    );
  });

  test('what comes after the final minute', () => {
    fc.assert(
      fc.property(release, release, (minutes, more) => {
        const verdict = judge(PLAN, minutes);
        if (verdict.verdict !== 'promote' && verdict.verdict !== 'rollback') return;
        expect(judge(PLAN, [...minutes, ...more])).toEqual(verdict);
      }),
    );
  });

  test('a minute that was recorded twice by a retry', () => {
    const header = {
      format: 'minutes',
      version: 1,
      release: 'v2',
      stable: 'v1',
      startedAt: '2026-03-01T10:00:00Z',
    } as const;
    fc.assert(
      fc.property(release, fc.nat(), (minutes, at) => {
        const lines = writeRecording({ header, minutes }).split('\n');
        const line = 1 + (at % minutes.length);
        lines.splice(line, 0, lines[line]!);
        expect(judge(PLAN, readRecording('minutes.ndjson', lines.join('\n')).minutes)).toEqual(judge(PLAN, minutes));
      }),
    );
  });

  test('which arm bears which name, where both hypotheses change places with them', () => {
    const arm = fc.tuple(fc.nat(60), fc.nat(60)).map(([n, x]) => ({ n, breaches: Math.min(n, x) }));
    fc.assert(
      fc.property(arm, arm, (canary, stable) => {
        const swapped = lnRel(0.02, 0.3, { canary: stable, stable: canary });
        expect(swapped).toBeCloseTo(lnRel(0.3, 0.02, { canary, stable }), 9);
      }),
    );
  });
});

describe.each(PLANS)('by a plan of version $version a release is never promoted', (PLAN) => {
  const covered = (minutes: readonly Minute[], id: string, perMinute: number) =>
    (['canary', 'stable'] as const).every((name) => {
      const filled = minutes
        .slice(-PLAN.tailMin)
        .map(({ probes: named }) => Math.min(perMinute, named[id]?.[name].n ?? 0));
      return filled.reduce((sum, n) => sum + n, 0) >= 0.8 * perMinute * PLAN.tailMin - 1e-9;
    });

  test('without four fifths of the samples of every scheduled probe in the tail, on both arms', () => {
    fc.assert(
      fc.property(release, (minutes) => {
        const { verdict, minute } = judge(PLAN, minutes);
        if (verdict !== 'promote') return;
        for (const { id, perMinute } of PLAN.probes)
          expect(covered(minutes.slice(0, minute), id, perMinute)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('before the end of the bake, nor after the hard stop', () => {
    fc.assert(
      fc.property(release, fc.constantFrom('rollback', 'pause'), (minutes, onHardStop) => {
        const { verdict, minute } = judge({ ...PLAN, onHardStop } as Plan, minutes);
        if (verdict !== 'promote') return;
        expect(minute).toBeGreaterThanOrEqual(PLAN.bakeMin);
        expect(minute).toBeLessThanOrEqual(PLAN.hardStopMin);
      }),
      { numRuns: 150 },
    );
  });

  test('and rolled back as well', () => {
    fc.assert(
      fc.property(release, (minutes) => {
        const final = replay(PLAN, minutes).filter(({ verdict }) => verdict === 'promote' || verdict === 'rollback');
        expect(new Set(final.map(({ verdict, minute }) => `${verdict}@${minute}`)).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});

test.each(PLANS)(
  'the releases gone through here are promoted, rolled back, held and extended: version $version',
  (PLAN) => {
    const seen = new Set(fc.sample(release, { numRuns: 500, seed: 1 }).map((minutes) => judge(PLAN, minutes).verdict));
    expect([...seen].sort()).toEqual(['extend', 'hold', 'promote', 'rollback']);
  },
);
