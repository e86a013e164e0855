import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { expect, test } from '@jest/globals';
import { type Assembly, assemble } from '../../bin/validate/assembly';
import { KEPT } from '../../bin/validate/data-invariants';
import { all } from '../../bin/validate/resources';
import type { SystemConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';

const prod = assemble(coach, 'prod');

function ids(assembly: Assembly): readonly string[] {
  return all(assembly, ...KEPT).map(({ stack, id }) => `${stack.name}/${id}`);
}

/** An id is the data's address: a new one is a new, empty store. Change this list only together with a migration. */
test('the ids of everything that keeps data are the committed ones', () => {
  expect(ids(prod)).toEqual([
    'coach-prod-copies/CopiesKeyAEBD83F8',
    'coach-prod-copies/objects7623FC4F',
    'coach-prod-copies/Vault23237E5B',
    'coach-prod-keys/EnvironmentKeyDEA985CB',
    'coach-prod-keys/SigningKey70710D41',
    'coach-prod-network/LogsBucket5C52C3D2',
    'coach-prod-data/dbInstance56B9FB7B',
    'coach-prod-data/cacheAccountSecretCADA74C2',
    'coach-prod-data/cacheNodesE51FDF5A',
    'coach-prod-data/cacheUrlSecret8E5C1683',
    'coach-prod-data/objectsBucketA4F0DFF4',
    'coach-prod-data/ProbeAccountSecret3DA6E34C',
    'coach-prod-data/SecretedgehmacFirstSecretD406A288',
    'coach-prod-data/SecretedgehmacPairsSecret4A701DE8',
    'coach-prod-data/SecretaihmacFirstSecretA34ECAB9',
    'coach-prod-data/SecretaihmacPairsSecret5F4F7DD2',
    'coach-prod-ledger/LedgerB7379752',
    'coach-prod-recovery/BackupsVault1F11AFCC',
  ]);
});

function rulesOf(env: 'staging' | 'prod'): readonly string[] {
  return all(env === 'prod' ? prod : assemble(coach, env), 'AWS::ElasticLoadBalancingV2::ListenerRule').map(
    ({ stack, id, Properties: { Priority, Conditions, Actions } }) => {
      const [{ HttpHeaderConfig: header, PathPatternConfig: path }] = Conditions;
      const weights = Actions[0].ForwardConfig.TargetGroups.map(({ Weight }: { Weight: number }) => Weight).join('/');
      const when = header ? `${header.HttpHeaderName}: ${header.Values}` : path.Values;
      return `${stack.name.replace(`coach-${env}-`, '')}/${id} ${Priority} ${when} ${weights}`;
    },
  );
}

/** ECS owns the weights once a rule is there; a rule that is written again, for whatever reason, puts two releases into one group. */
test.each(['staging', 'prod'] as const)('the listener rules of %s are the committed ones, to the letter', (env) => {
  expect([...rulesOf(env)].sort()).toEqual([
    'ai/EntranceProductionRule54481D9C 100 /* 1/0',
    'ai/EntranceTestRule3CC04439 10 x-release: ?* 1/0',
    'core/EntranceProductionRule54481D9C 100 /* 1/0',
    'core/EntranceTestRule3CC04439 10 x-release: ?* 1/0',
    'edge/EntranceProductionRule54481D9C 100 /* 1/0',
    'edge/EntranceTestRule3CC04439 10 x-release: canary 1/0',
  ]);
});

test('in prod each of them outlives its stack, and the stack refuses to be deleted', () => {
  const mortal = all(prod, ...KEPT).filter(
    ({ stack, DeletionPolicy }) => DeletionPolicy !== 'Retain' || !stack.protected,
  );

  expect(mortal.map(({ stack, id }) => `${stack.name}/${id}`)).toEqual([]);
});

const UNRELATED: readonly (readonly [string, (system: SystemConfig) => SystemConfig])[] = [
  ['another flag', (system) => ({ ...system, flags: { ...system.flags, FEATURE_NEW: false } })],
  ['another task', (system) => ({ ...system, tasks: { ...system.tasks, report: { image: 'core', uses: ['db'] } } })],
  [
    'larger services',
    (system) => ({
      ...system,
      services: { ...system.services, core: { ...system.services.core!, size: { cpu: 1024, memoryMiB: 2048 } } },
    }),
  ],
  [
    'a read replica',
    (system) => ({
      ...system,
      stores: { ...system.stores, db: { kind: 'postgres', readReplicas: 1, poolPerTask: 8 } },
    }),
  ],
];

test.each(UNRELATED)('%s replaces and removes nothing that keeps data, and touches no listener rule', (_, change) => {
  const after = assemble(change(coach), 'prod');

  const harmed = prod.stacks.flatMap((stack) => {
    const next = after.stacks.find(({ name }) => name === stack.name)!;
    const { resources } = fullDiff(stack.template, next.template);
    return resources.logicalIds.flatMap((id) => {
      const { changeImpact, resourceType } = resources.get(id);
      const destroyed = ![ResourceImpact.WILL_UPDATE, ResourceImpact.WILL_CREATE, ResourceImpact.NO_CHANGE].includes(
        changeImpact,
      );
      const isRule =
        resourceType === 'AWS::ElasticLoadBalancingV2::ListenerRule' && changeImpact !== ResourceImpact.NO_CHANGE;
      return (KEPT.includes(resourceType ?? '') && destroyed) || isRule ? [`${stack.name}/${id}: ${changeImpact}`] : [];
    });
  });
  expect(harmed).toEqual([]);
});
