import { describe, expect, test } from '@jest/globals';
import { readPlan } from '../../../lambda/gate/plan-file';
import { DEFAULT_PLAN, LOGIN, TRAFFIC } from '../../../lib/model/gate-defaults';
import { DEFAULT_PLAN_V1 } from '../../../lib/model/gate-defaults-v1';
import type { Plan } from '../../../lib/model/gate-plan';

function refusal(plan: unknown): string {
  try {
    readPlan('plan.json', typeof plan === 'string' ? plan : JSON.stringify(plan));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the plan was accepted');
}

test.each<Plan>([DEFAULT_PLAN_V1, DEFAULT_PLAN])('a plan of version $version is read as it was written', (version) => {
  const plan = { ...version, probes: [...version.probes, TRAFFIC] };
  expect(readPlan('plan.json', JSON.stringify(plan, null, 2))).toEqual(plan);
});

describe('a plan file is refused', () => {
  const give = 'give a plan.json from the ledger, or a copy of one';

  test.each<[string, unknown, string]>([
    ['if it is no JSON', 'plan', `plan.json: plan: expected one object of JSON, got nothing; ${give}`],
    [
      'if a later version wrote it',
      { ...DEFAULT_PLAN, version: 3 },
      'plan.json: version: expected 1 or 2, got 3; replay it with the version of this app that wrote it, or a later one',
    ],
    [
      'if it has no probes',
      { ...DEFAULT_PLAN, probes: {} },
      `plan.json: probes: expected a list of probes, got {}; ${give}`,
    ],
    [
      'if a probe is of no known kind',
      { ...DEFAULT_PLAN, probes: [{ ...LOGIN, kind: 'percentile' }] },
      `plan.json: probes[0].kind: expected "rate" or "exact", got "percentile"; ${give}`,
    ],
    [
      'if values are missing or of another type',
      {
        ...DEFAULT_PLAN,
        alpha: '0.01',
        outage: { limit: 0.3, weight: 0.15 },
        mute: 2,
        probes: [{ ...LOGIN, p0: null }],
      },
      [
        `plan.json: alpha: expected a value like 0.01, got "0.01"; ${give}`,
        `plan.json: outage.restart: expected a value like 0.0078125, got nothing; ${give}`,
        `plan.json: mute: expected a value like {"minBreaches":2,"factor":2}, got 2; ${give}`,
        `plan.json: probes[0].p0: expected a value like 0.05, got null; ${give}`,
      ].join('\n'),
    ],
    [
      'if a version has not the constants it judges by',
      { ...DEFAULT_PLAN_V1, version: 2 },
      [
        `plan.json: burst.openingMin: expected a value like 5, got nothing; ${give}`,
        `plan.json: burst.closingMin: expected a value like 5, got nothing; ${give}`,
        `plan.json: recent: expected a value like {"minutes":5,"evidence":1}, got nothing; ${give}`,
        `plan.json: finalBakeCorroboration: expected a value like 4, got nothing; ${give}`,
        `plan.json: finalBakeMin: expected a value like 10, got nothing; ${give}`,
      ].join('\n'),
    ],
    [
      'if values make no sense',
      { ...DEFAULT_PLAN, tailMin: 0, onHardStop: 'wait', probes: [{ ...LOGIN, pTol: 0.01 }] },
      [
        `plan.json: tailMin: expected from 1 to bakeMin − burnInMin = 28, got 0; ${give}`,
        `plan.json: onHardStop: expected "rollback" or "pause", got "wait"; ${give}`,
        `plan.json: probes.login.pTol: expected above p0 = 0.05 and below 1, got 0.01; ${give}`,
      ].join('\n'),
    ],
  ])('%s', (_, plan, message) => {
    expect(refusal(plan)).toBe(message);
  });
});
