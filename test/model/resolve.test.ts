import { describe, expect, test } from '@jest/globals';
import { planFor } from '../../lib/model/plan-for';
import { resolve } from '../../lib/model/resolve';
import { ENV_NAMES, type SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';
import { edge, prod, written } from '../support/changed-coach';

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

  test.each<[string, SystemConfig, string]>([
    [
      'a misspelt rollout',
      prod({ rollout: { kind: 'canari' } }),
      'coach: envs.prod.rollout.kind: expected one of "all-at-once", "canary", got "canari"; change it',
    ],
    [
      'a percent of a rollout that has none',
      prod({ rollout: { kind: 'all-at-once', percent: 5 } }),
      'coach: envs.prod.rollout.percent: expected no such field, got 5; mend the spelling, or leave it out',
    ],
    [
      'a number that is none',
      prod({ rollout: { percent: Number.NaN } }),
      'coach: envs.prod.rollout.percent: expected number, got NaN; change it',
    ],
    ['half a port', edge({ port: 80.5 }), 'coach: services.edge.port: expected a whole number, got 80.5; change it'],
    [
      'a size that nobody sells',
      edge({ size: { cpu: 300 } }),
      'coach: services.edge.size.cpu: expected one of 256, 512, 1024, 2048, 4096, got 300; change it',
    ],
    [
      'a name in capitals',
      written({ services: { ...coach.services, Edge: coach.services.edge } }),
      'coach: services.Edge: expected a lower-case word of at most 30 letters, digits and hyphens, got "Edge"; rename it',
    ],
    [
      'a store of no kind we know',
      written({ stores: { ...coach.stores, docs: { kind: 'mongodb' } } }),
      'coach: stores.docs.kind: expected one of "postgres", "mysql", "external-postgres", "cache", "bucket", got "mongodb"; change it',
    ],
    [
      'an override of a service nobody has',
      prod({ services: { edgee: {} } }),
      'coach: envs.prod.services: expected one of edge, core, ai, worker, got "edgee"; mend the spelling, or leave it out',
    ],
    [
      'an override of a store nobody has',
      prod({ stores: { dbb: {} } }),
      'coach: envs.prod.stores: expected one of db, cache, objects, got "dbb"; mend the spelling, or leave it out',
    ],
    [
      'an override that makes a store another kind',
      prod({ stores: { db: { kind: 'mongodb' } } }),
      'coach: envs.prod.stores.db.kind: expected no such field, got "mongodb"; leave it out: a store is of one kind everywhere',
    ],
    [
      'an override that says what a store of another kind may say',
      prod({ stores: { db: { replicas: 2 } } }),
      'coach: envs.prod.stores.db.replicas: expected no such field, got 2; mend the spelling, or leave it out',
    ],
    [
      'an override of the wrong type',
      prod({ stores: { db: { readReplicas: 'two' } } }),
      'coach: envs.prod.stores.db.readReplicas: expected number, got "two"; change it',
    ],
    [
      'an address that no machine can have',
      prod({ allowedAddresses: ['203.0.113.0/24', '10.0.0.1', '999.1.1.1/99'] }),
      'coach: envs.prod.allowedAddresses.2: expected an IPv4 address or range, e.g. "203.0.113.0/24", got "999.1.1.1/99"; change it',
    ],
    [
      'an image that no registry could have',
      written({ tasks: { seed: { ...coach.tasks.seed, image: 'nothing!!' } } }),
      'coach: tasks.seed.image: expected a lower-case word of at most 30 letters, digits and hyphens, got "nothing!!"; change it',
    ],
  ])('refuses %s, in words of our own', (_, config, message) => {
    expect(() => resolve(config, 'prod')).toThrow(new Error(message));
  });

  test('a store is overridden field by field', () => {
    const { stores } = resolve(prod({ stores: { db: { size: { keepDays: 30 } } } }), 'prod');

    expect(stores.db).toEqual({ ...coach.stores.db, size: { keepDays: 30 } });
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
