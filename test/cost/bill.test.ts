import { describe, expect, test } from '@jest/globals';
import { billTable, differenceTable } from '../../bin/cost/table';
import { billOf, type Charge, type Resource } from '../../cost/bill';
import { chargesIn, type Setting } from '../../cost/charges';
import { priceOf } from '../../cost/price-list';
import { USAGE } from '../../cost/usage';

function resource(type: string, properties: Resource['properties'] = {}, logicalId = 'It'): Resource {
  return { stack: 'coach-prod-core', logicalId, path: logicalId, type, properties };
}

function charges(resources: readonly Resource[], hours = 730): readonly Charge[] {
  const setting: Setting = { usage: USAGE.prod, hours, resources };
  const bill = billOf(resources, chargesIn(setting), []);
  return bill.lines.map(({ item, quantity }) => ({ item, quantity }));
}

const TASK = resource(
  'AWS::ECS::TaskDefinition',
  { Cpu: '512', Memory: '1024', RuntimePlatform: { CpuArchitecture: 'ARM64' } },
  'Task',
);

function service(properties: Resource['properties']): Resource {
  return resource(
    'AWS::ECS::Service',
    { TaskDefinition: { Ref: 'Task' }, ServiceName: 'core', ...properties },
    'Service',
  );
}

describe('a service', () => {
  test('costs its least number of tasks, which the scalable target of whatever stack says', () => {
    const target = {
      ...resource('AWS::ApplicationAutoScaling::ScalableTarget', {
        ResourceId: 'service/coach-prod/core',
        MinCapacity: 2,
      }),
      stack: 'coach-prod-scaling',
    };

    expect(charges([TASK, target, service({})])).toEqual([
      { item: 'fargate.arm64.vcpu', quantity: 730 },
      { item: 'fargate.arm64.memory', quantity: 1_460 },
    ]);
  });

  test('costs what its hours are, and on Spot a part of it', () => {
    const spot = { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }] };
    const factor = priceOf('fargate.spot.factor').usd;

    expect(charges([TASK, service({ DesiredCount: 1, ...spot })], 220)).toEqual([
      { item: 'fargate.arm64.vcpu', quantity: 110 * factor },
      { item: 'fargate.arm64.memory', quantity: 220 * factor },
    ]);
  });

  test('has its base on demand and the rest by weight', () => {
    const mixed = {
      CapacityProviderStrategy: [
        { CapacityProvider: 'FARGATE', Base: 1, Weight: 0 },
        { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
      ],
    };
    const [vcpu] = charges([TASK, service({ DesiredCount: 3, ...mixed })]);

    expect(vcpu!.quantity).toBeCloseTo(365 * (1 + 2 * priceOf('fargate.spot.factor').usd), 6);
  });

  test('that runs no task costs nothing', () => {
    expect(charges([TASK, service({ DesiredCount: 0 })])).toEqual([]);
  });
});

test('a database that may be stopped is charged by its hours, its storage always; one in two zones never stops', () => {
  const database = (multiAz: boolean) =>
    resource('AWS::RDS::DBInstance', { DBInstanceClass: 'db.t4g.small', AllocatedStorage: '20', MultiAZ: multiAz });

  expect(charges([database(false)], 220)).toEqual([
    { item: 'rds.postgres.db.t4g.small', quantity: 220 },
    { item: 'rds.gp3', quantity: 20 },
  ]);
  expect(charges([database(true)], 220)).toEqual([
    { item: 'rds.postgres.db.t4g.small.multi_az', quantity: 730 },
    { item: 'rds.gp3.multi_az', quantity: 20 },
  ]);
});

test('a resource of a type that nobody has priced is named, and not counted as nothing', () => {
  const unknown = resource('AWS::Redshift::Cluster');
  const bill = billOf([unknown], chargesIn({ usage: USAGE.dev, hours: 730, resources: [unknown] }), []);

  expect(bill).toMatchObject({ usd: 0, unpriced: [unknown] });
  expect(billTable('coach/dev', bill)).toContain('Not priced, and not in the sum:\n  AWS::Redshift::Cluster  It\n');
});

test('what an account has free is taken off once, however many resources share it', () => {
  const alarms = Array.from({ length: 12 }, (_, i) => resource('AWS::CloudWatch::Alarm', {}, `Alarm${i}`));
  const bill = billOf(alarms, chargesIn({ usage: USAGE.dev, hours: 730, resources: alarms }), []);

  expect(bill.usd).toBeCloseTo(2 * priceOf('cloudwatch.alarm').usd, 9);
  expect(bill.allowances).toMatchObject([{ item: 'cloudwatch.alarm', quantity: -10 }]);
});

test('a price that is not in the list is asked for by name', () => {
  const big = resource('AWS::RDS::DBInstance', { DBInstanceClass: 'db.x9.huge', AllocatedStorage: '20' });

  expect(() => charges([big])).toThrow(
    'cost/prices.ap-southeast-1.json: expected a price of rds.postgres.db.x9.huge, got nothing; add it with its source',
  );
});

test('two environments are set side by side by what makes them differ', () => {
  const one = billOf([], () => 'free', [{ item: 'nat_gateway', quantity: 730 }]);
  const other = billOf([], () => 'free', [{ item: 'ec2.t4g.nano', quantity: 730 }]);

  expect(differenceTable({ env: 'prod', bill: one }, { env: 'dev', bill: other }).split('\n')).toEqual([
    'prod   dev   more   price',
    '43.07  0.00  43.07  nat_gateway',
    ' 0.00  3.87  -3.87  ec2.t4g.nano',
    '43.07  3.87  39.20  total',
    '',
  ]);
});
