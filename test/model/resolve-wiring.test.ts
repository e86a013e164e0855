import { expect, test } from '@jest/globals';
import { resolve } from '../../lib/model/resolve';
import type { SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';
import { edge, prod, written } from '../support/changed-coach';

const inner = { kind: 'web', port: 8080, uses: [] };
test.each<[string, SystemConfig, string]>([
  [
    'a service that says which release it is',
    edge({ environment: { RELEASE_ID: 'v1' } }),
    'coach/prod: services.edge.environment.RELEASE_ID: expected no variable that the app sets itself, got "v1"; leave it out, or take another name',
  ],
  [
    'the same in an override',
    prod({ services: { edge: { environment: { CANARY_POINTER: 'none' } } } }),
    'coach/prod: services.edge.environment.CANARY_POINTER: expected no variable that the app sets itself, got "none"; leave it out, or take another name',
  ],
  [
    'a task that keeps it in a secret',
    written({ tasks: { seed: { ...coach.tasks.seed, secrets: { RELEASE_ID: 'probe' } } } }),
    'coach/prod: tasks.seed.secrets.RELEASE_ID: expected no variable that the app sets itself, got "probe"; leave it out, or take another name',
  ],
  [
    'more inner services than the balancer has ports for',
    written({ services: { ...coach.services, a: inner, b: inner, c: inner, d: inner } }),
    'coach/prod: services: expected at most 5 inner web services, a port of the balancer for each, got ["core","ai","a","b","c","d"]; join some of them, or make them another system',
  ],
  [
    'two services under one name',
    written({ services: { ...coach.services, ai: { ...coach.services.ai, internalName: 'api' } } }),
    'coach/prod: services.ai.internalName: expected each name once, got "api"; core has it; name one of them otherwise',
  ],
  [
    'two workers on one queue',
    written({ services: { ...coach.services, other: { kind: 'worker', uses: [], queues: ['import'] } } }),
    'coach/prod: services.other.queues: expected each queue once, got "import"; worker takes its jobs; drop one of them',
  ],
  [
    'a task on a store nobody has',
    written({ tasks: { ...coach.tasks, seed: { image: 'seed', uses: ['dbb'] } } }),
    'coach/prod: tasks.seed.uses: expected one of db, cache, objects, got "dbb"; add dbb to stores, or drop it from uses',
  ],
  [
    'a domain outside its zone',
    prod({ domain: 'app.notcoach.example.com' }),
    'coach/prod: envs.prod.domain: expected coach.example.com or a name below it, got "app.notcoach.example.com"; name the public zone that the domain lies in',
  ],
  [
    'the domain of another environment',
    prod({ domain: 'staging.coach.example.com' }),
    'coach/prod: envs.prod.domain: expected each domain once, got "staging.coach.example.com"; staging has it; give each its own',
  ],
  [
    'a second region that is the first',
    prod({ recoveryRegion: 'ap-southeast-1' }),
    'coach/prod: envs.prod.recoveryRegion: expected another region than ap-southeast-1, got "ap-southeast-1"; name one that can fail by itself',
  ],
])('refuses %s', (_, config, message) => {
  expect(() => resolve(config, 'prod')).toThrow(new Error(message));
});
