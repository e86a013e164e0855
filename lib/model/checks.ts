import { databaseSize } from './database-size';
import {
  BYTES_PER_CONNECTION,
  CANARY_PERCENT,
  DATABASE_MEMORY_GIB,
  FARGATE_MEMORY_MIB,
  MOST_BAKE_MINUTES,
  MOST_CACHE_REPLICAS,
  MOST_READ_REPLICAS,
  RESERVED_CONNECTIONS,
} from './limits';
import { planFor } from './plan-for';
import { PlanError, plan as powerOf } from './power';
import type { Problem } from './problem';
import type { Service, StoreConfig, SystemModel } from './system';
import { WIRING_CHECKS } from './wiring-checks';

type Check = (model: SystemModel) => readonly Problem[];

const frontIsWeb: Check = ({ front, services }) => {
  if (services[front]?.kind === 'web') return [];
  const webs = Object.values(services).filter(({ kind }) => kind === 'web');
  return [
    {
      at: 'front',
      got: front,
      expected: oneOf(webs.map(({ name }) => name)),
      fix: 'name the web service that users reach first',
    },
  ];
};

const usesKnownStores: Check = ({ services, stores }) =>
  each(services, ({ name, uses }) =>
    unknown(uses, Object.keys(stores)).map((store) => ({
      ...{ at: `services.${name}.uses`, got: store, expected: oneOf(Object.keys(stores)) },
      fix: `add ${store} to stores, or drop it from uses`,
    })),
  );

const callsKnownServices: Check = ({ services, front }) => {
  const inner = Object.values(services).filter(({ kind, name }) => kind === 'web' && name !== front);
  const names = inner.map(({ name }) => name);
  return each(services, ({ name, calls }) =>
    unknown(
      calls,
      names.filter((other) => other !== name),
    ).map((called) => ({
      ...{ at: `services.${name}.calls`, got: called, expected: oneOf(names.filter((other) => other !== name)) },
      fix: 'name an inner web service, or drop it from calls',
    })),
  );
};

const portsAndQueuesFit: Check = ({ services }) =>
  each(services, ({ name, kind, port, queues }) => {
    if (kind === 'web' && port === undefined)
      return [
        {
          at: `services.${name}.port`,
          got: port,
          expected: 'the port its container listens on',
          fix: 'add it, e.g. port: 8080',
        },
      ];
    if (kind === 'web' && queues.length > 0)
      return [
        {
          at: `services.${name}.queues`,
          got: queues,
          expected: 'nothing on a web service',
          fix: 'move the queues to a worker',
        },
      ];
    if (kind === 'worker' && queues.length === 0)
      return [
        {
          at: `services.${name}.queues`,
          got: queues,
          expected: 'at least one queue',
          fix: 'name the queues it takes jobs from',
        },
      ];
    return [];
  });

const sizesExist: Check = ({ services }) =>
  each(services, ({ name, size }) => {
    const memories = FARGATE_MEMORY_MIB[size.cpu] ?? [];
    const at = `services.${name}.size`;
    const problems: Problem[] = [];
    if (!memories.includes(size.memoryMiB))
      problems.push({
        at: `${at}.memoryMiB`,
        got: size.memoryMiB,
        expected: oneOf(memories),
        fix: `take one of these with ${size.cpu} CPU units`,
      });
    if (size.minCount > size.maxCount)
      problems.push({
        at: `${at}.minCount`,
        got: size.minCount,
        expected: `at most maxCount = ${size.maxCount}`,
        fix: 'lower it, or raise maxCount',
      });
    return problems;
  });

const rolloutWithinLimits: Check = ({ env, rollout }) => {
  if (rollout.kind !== 'canary') return [];
  const { percent, finalBakeMinutes, plan } = rollout;
  const at = `envs.${env}.rollout`;
  const { least, most } = CANARY_PERCENT;
  const problems: Problem[] = [];
  if (!(percent >= least && percent <= most / 2))
    problems.push({
      at: `${at}.percent`,
      got: percent,
      expected: `${least} to ${most / 2}`,
      fix: 'keep most users on the stable release, e.g. 10',
    });
  if (Math.round(percent * 10) !== percent * 10)
    problems.push({ at: `${at}.percent`, got: percent, expected: 'a multiple of 0.1', fix: 'round it' });
  if (plan.hardStopMin + finalBakeMinutes > MOST_BAKE_MINUTES)
    problems.push({
      at: `${at}.finalBakeMinutes`,
      got: finalBakeMinutes,
      expected: `at most ${MOST_BAKE_MINUTES} minutes together with hardStopMin`,
      fix: 'shorten one of the two',
    });
  return problems;
};

const probesAreUnique: Check = ({ probes }) => {
  const ids = probes.map(({ id }) => id);
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))].map((id) => ({
    ...{ at: 'probes', got: id, expected: 'each id once', fix: 'rename one of them' },
  }));
};

const jobsHaveAQueue: Check = ({ probes, services }) => {
  const queues = Object.values(services).flatMap((service) => service.queues);
  return probes.flatMap((probe) =>
    probe.kind === 'job' && !queues.includes(probe.queue)
      ? [
          {
            at: `probes.${probe.id}.queue`,
            got: probe.queue,
            expected: oneOf(queues),
            fix: 'name a queue that a worker takes jobs from',
          },
        ]
      : [],
  );
};

/** A canary that nothing measures can never be promoted, and a plan without power only seems to measure. */
const canaryCanBeJudged: Check = (model) => {
  const { env, rollout, probes } = model;
  if (rollout.kind !== 'canary') return [];
  if (probes.length === 0)
    return [
      { at: `envs.${env}.rollout`, got: 'canary', expected: 'all-at-once while there is no probe', fix: 'add a probe' },
    ];
  try {
    powerOf(planFor(model, 'canary', 'stable'));
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map((problem) => ({
      at: `envs.${env}.rollout.plan`,
      got: `${rollout.plan.bakeMin} to ${rollout.plan.hardStopMin} minutes`,
      expected: 'samples enough to keep the promises of the plan',
      fix: problem,
    }));
  }
};

const replicasWithinLimits: Check = ({ stores }) =>
  Object.entries(stores).flatMap(([name, store]) => {
    if (store.kind === 'cache') return atMost(`stores.${name}.replicas`, store.replicas ?? 0, MOST_CACHE_REPLICAS);
    if (store.kind === 'postgres' || store.kind === 'mysql')
      return atMost(`stores.${name}.readReplicas`, store.readReplicas ?? 0, MOST_READ_REPLICAS);
    return [];
  });

/** During a release every service runs twice, so its pools do. */
const connectionsSuffice: Check = (model) =>
  Object.entries(model.stores).flatMap(([name, store]) => {
    const most = mostConnections(store, databaseSize(model, name).instance);
    if (most === undefined) return [];
    const pool = 'poolPerTask' in store ? (store.poolPerTask ?? 10) : 0;
    const users = Object.values(model.services).filter(({ uses }) => uses.includes(name));
    const wanted = users.reduce((sum, { size }) => sum + 2 * size.maxCount * pool, 0);
    if (wanted <= most) return [];
    return [
      {
        ...{
          at: `stores.${name}.poolPerTask`,
          got: pool,
          expected: `pools that fit ${most} connections while a release runs twice`,
        },
        fix: `${wanted} are wanted at maximum scale; lower poolPerTask or maxCount, or take a larger instance`,
      },
    ];
  });

function mostConnections(store: StoreConfig, instance: string): number | undefined {
  if (store.kind === 'external-postgres') return store.maxConnections;
  if (store.kind !== 'postgres') return undefined;
  const bytes = (DATABASE_MEMORY_GIB[instance] ?? 1) * 1024 ** 3;
  return Math.floor(bytes / BYTES_PER_CONNECTION) - RESERVED_CONNECTIONS;
}

function atMost(at: string, got: number, most: number): readonly Problem[] {
  return got > most ? [{ at, got, expected: `0 to ${most}`, fix: 'lower it, or put a cache before the reads' }] : [];
}

function each(services: SystemModel['services'], check: (service: Service) => readonly Problem[]): readonly Problem[] {
  return Object.values(services).flatMap(check);
}

function unknown(names: readonly string[], known: readonly string[]): readonly string[] {
  return names.filter((name) => !known.includes(name));
}

function oneOf(values: readonly (string | number)[]): string {
  return values.length === 0 ? 'nothing' : `one of ${values.join(', ')}`;
}

/** One function for each rule over more than one field. */
export const CHECKS: readonly Check[] = [
  frontIsWeb,
  usesKnownStores,
  callsKnownServices,
  portsAndQueuesFit,
  sizesExist,
  rolloutWithinLimits,
  probesAreUnique,
  jobsHaveAQueue,
  canaryCanBeJudged,
  replicasWithinLimits,
  connectionsSuffice,
  ...WIRING_CHECKS,
];
