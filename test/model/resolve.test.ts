import { describe, expect, test } from '@jest/globals';
import { planFor } from '../../lib/model/plan-for';
import { resolve } from '../../lib/model/resolve';
import { ENV_NAMES, type SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';

/** Coach with one part replaced, as a person without a type checker might write it. */
function written(changes: object): SystemConfig {
  return { ...coach, ...changes } as unknown as SystemConfig;
}

function edge(changes: object): SystemConfig {
  return written({ services: { ...coach.services, edge: { ...coach.services.edge, ...changes } } });
}

function prod(changes: object): SystemConfig {
  return written({ envs: { ...coach.envs, prod: { ...coach.envs.prod, ...changes } } });
}

describe('resolve', () => {
  test.each(ENV_NAMES)('coach is sound in %s', (env) => {
    expect(() => resolve(coach, env)).not.toThrow();
  });

  test('what a system leaves out comes from the tier, and an environment overrides only what it names', () => {
    const { services } = resolve(coach, 'staging');

    expect(services.ai?.size).toEqual({ cpu: 256, memoryMiB: 1024, minCount: 1, maxCount: 2 });
    expect(services.edge?.size).toEqual({ cpu: 256, memoryMiB: 512, minCount: 2, maxCount: 3 });
  });

  test('nothing in a model can be changed, and resolving leaves what was written as it was', () => {
    const model = resolve(coach, 'prod');

    expect(() => Object.assign(model.services.edge?.size ?? {}, { cpu: 1 })).toThrow(TypeError);
    expect(Object.isFrozen(coach.services.edge)).toBe(false);
  });

  test.each<[string, SystemConfig, string]>([
    [
      'a misspelt field',
      edge({ ussed: [] }),
      'coach: services.edge.ussed: expected no such field, got []; mend the spelling, or leave it out',
    ],
    ['a port in quotes', edge({ port: '80' }), 'coach: services.edge.port: expected number, got "80"; change it'],
    ['a missing list', edge({ uses: undefined }), 'coach: services.edge.uses: expected array, got nothing; add it'],
    [
      'an account that is a number',
      prod({ account: 333333333333 }),
      'coach: envs.prod.account: expected string, got 333333333333; change it',
    ],
    [
      'a store nobody has',
      edge({ uses: ['cash'] }),
      'coach/prod: services.edge.uses: expected one of db, cache, objects, got "cash"; add cash to stores, or drop it from uses',
    ],
    [
      'a call to the front',
      written({ services: { ...coach.services, ai: { ...coach.services.ai, calls: ['edge'] } } }),
      'coach/prod: services.ai.calls: expected one of core, got "edge"; name an inner web service, or drop it from calls',
    ],
    [
      'a front that is a worker',
      written({ front: 'worker' }),
      'coach/prod: front: expected one of edge, core, ai, got "worker"; name the web service that users reach first',
    ],
    [
      'memory that Fargate does not sell',
      edge({ size: { cpu: 256, memoryMiB: 4096 } }),
      'coach/prod: services.edge.size.memoryMiB: expected one of 512, 1024, 2048, got 4096; take one of these with 256 CPU units',
    ],
    [
      'a canary of most users',
      prod({ rollout: { percent: 60 } }),
      'coach/prod: envs.prod.rollout.percent: expected 0.1 to 50, got 60; keep most users on the stable release, e.g. 10',
    ],
    [
      'a canary that nothing measures',
      written({ probes: [] }),
      'coach/prod: envs.prod.rollout: expected all-at-once while there is no probe, got "canary"; add a probe',
    ],
    [
      'pools that a release would exhaust',
      written({ stores: { ...coach.stores, db: { ...coach.stores.db, poolPerTask: 10 } } }),
      'coach/prod: stores.db.poolPerTask: expected pools that fit 219 connections while a release runs twice, got 10; 240 are wanted at maximum scale; lower poolPerTask or maxCount, or take a larger instance',
    ],
  ])('refuses %s', (_, config, message) => {
    expect(() => resolve(config, 'prod')).toThrow(new Error(message));
  });

  test('refuses a plan that could seldom certify a good release, with the rates that would do', () => {
    expect(() => resolve(prod({ rollout: { plan: { bakeMin: 8, tailMin: 4 } } }), 'prod')).toThrow(
      /login.perMinute = 20: under-powered[\s\S]*Any one of: perMinute ≥ \d+[\s\S]*import.perMinute = 2: under-powered/,
    );
  });

  test('lists every problem at once', () => {
    const config = edge({ uses: ['cash'], calls: ['cor'] });

    expect(() => resolve(config, 'prod')).toThrow(
      new Error(
        [
          'coach/prod: services.edge.uses: expected one of db, cache, objects, got "cash"; add cash to stores, or drop it from uses',
          'coach/prod: services.edge.calls: expected one of core, ai, got "cor"; name an inner web service, or drop it from calls',
        ].join('\n'),
      ),
    );
  });

  test('an unknown environment is refused by name', () => {
    expect(() => resolve(coach, 'qa' as 'dev')).toThrow(
      new Error('coach: env: expected one of dev, staging, prod, got "qa"; name one of them'),
    );
  });
});

describe('planFor', () => {
  test('says each bound in words and takes the constants from the rollout', () => {
    const plan = planFor(resolve(coach, 'prod'), 'v2', 'v1');

    expect(plan).toMatchObject({ release: 'v2', stable: 'v1', alpha: 0.01, bakeMin: 30, hotfix: false });
    expect(plan.probes.map(({ id, bound }) => [id, bound])).toEqual([
      ['login', 'p95 < 250 ms'],
      ['reflect', 'p95 < 3 s'],
      ['import', 'p90 < 60 s'],
      ['success', 'errors < 1 %'],
      ['traffic', '5xx < 1 %'],
      ['ai', 'same answer to the fixture'],
    ]);
  });

  test('there is no plan where nothing is judged', () => {
    expect(() => planFor(resolve(coach, 'dev'), 'v2', 'v1')).toThrow(
      new Error('coach/dev: rollout: expected "canary", got "all-at-once"; there is nothing to judge'),
    );
  });
});
