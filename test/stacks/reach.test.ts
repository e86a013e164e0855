import { beforeAll, expect, test } from '@jest/globals';
import { type Assembly, assemble } from '../../bin/validate/assembly';
import { all, follow, type Placed } from '../../bin/validate/resources';
import type { EnvName } from '../../lib/model/system';
import { coach } from '../../systems/coach';

const assemblies = new Map<EnvName, Assembly>();

beforeAll(() => {
  for (const env of ['dev', 'prod'] as const) assemblies.set(env, assemble(coach, env));
});

/** Every security group rule that lets somebody in, as `from > to:port`. */
function waysIn(assembly: Assembly): readonly string[] {
  const names = new Map(all(assembly, 'AWS::EC2::SecurityGroup').map((group) => [at(group), nameOf(group)]));
  const nameAt = (stack: Placed['stack'], value: unknown) => {
    const [target = ''] = follow(assembly, stack, value).split('.');
    return names.get(target) ?? 'the CDN';
  };
  return all(assembly, 'AWS::EC2::SecurityGroupIngress')
    .map(({ stack, Properties: { GroupId, SourceSecurityGroupId, FromPort, ToPort } }) => {
      expect(FromPort).toBe(ToPort);
      return `${nameAt(stack, SourceSecurityGroupId)} > ${nameAt(stack, GroupId)}:${ToPort}`;
    })
    .sort();
}

function at({ stack, id }: Placed): string {
  return `${stack.name}/${id}`;
}

function nameOf({ Properties }: Placed): string {
  return String(Properties.GroupDescription);
}

test('in prod everybody reaches what it must, and nobody anything else', () => {
  expect(waysIn(assemblies.get('prod')!)).toEqual([
    'balancer > ai:8080',
    'balancer > core:8080',
    'balancer > edge:8080',
    'core > balancer:9443',
    'core > cache:6379',
    'core > db:5433',
    'edge > balancer:8443',
    'edge > cache:6379',
    'masking > masked-copy:5433',
    'prober > balancer:10443',
    'prober > balancer:443',
    'prober > balancer:8443',
    'prober > balancer:9443',
    'tasks > db:5433',
    'the CDN > balancer:443',
    'verifier > db:5433',
    'worker > balancer:9443',
    'worker > cache:6379',
    'worker > db:5433',
  ]);
});

test('without a canary there is no prober and no entrance for it', () => {
  const ways = waysIn(assemblies.get('dev')!);

  expect(ways.filter((way) => way.includes('prober') || way.endsWith(':10443'))).toEqual([]);
  expect(ways).toContain('the CDN > balancer:443');
});

test.each(['dev', 'prod'] as const)(
  'in %s the internet can be spoken to by 443 alone, and by nobody who keeps data',
  (env) => {
    const out = all(assemblies.get(env)!, 'AWS::EC2::SecurityGroup').flatMap((group) =>
      (group.Properties.SecurityGroupEgress ?? [])
        .filter(({ CidrIp, IpProtocol }: Record<string, string>) => CidrIp === '0.0.0.0/0' && IpProtocol !== 'icmp')
        .map(({ FromPort }: Record<string, number>) => `${nameOf(group)}:${FromPort}`),
    );

    const expected = {
      prod: ['ai', 'core', 'edge', 'masking', 'prober', 'tasks', 'worker'],
      dev: ['ai', 'cache', 'core', 'edge', 'tasks', 'worker'],
    };
    const own = out.filter((way) => !/^Security Group for NAT/i.test(way));
    expect(own.sort()).toEqual(expected[env].map((name) => `${name}:443`));
  },
);

test('the front’s listeners lead to the front alone, and an inner one to its own service', () => {
  const assembly = assemblies.get('prod')!;
  const ports = all(assembly, 'AWS::ElasticLoadBalancingV2::ListenerRule').map(({ stack, Properties }) => {
    const [listener = ''] = follow(assembly, stack, Properties.ListenerArn).split('.');
    const { Port } = all(assembly, 'AWS::ElasticLoadBalancingV2::Listener').find(
      (each) => at(each) === listener,
    )!.Properties;
    const headers = Properties.Conditions.map(
      (each: Record<string, { Values: string[] }>) => each.HttpHeaderConfig?.Values?.[0],
    );
    return `${Port} ${headers[0] ?? 'everything'} > ${stack.name}`;
  });

  expect(ports.sort()).toEqual([
    '10443 canary > coach-prod-edge',
    '443 everything > coach-prod-edge',
    '8443 ?* > coach-prod-core',
    '8443 everything > coach-prod-core',
    '9443 ?* > coach-prod-ai',
    '9443 everything > coach-prod-ai',
  ]);
});

test('nothing of ours has a public address', () => {
  for (const assembly of assemblies.values()) {
    const services = all(assembly, 'AWS::ECS::Service').map(
      ({ Properties }) => Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp,
    );
    expect(new Set(services)).toEqual(new Set(['DISABLED']));
    expect(all(assembly, 'AWS::RDS::DBInstance').map(({ Properties }) => Properties.PubliclyAccessible)).toEqual([
      false,
    ]);
    expect(
      all(assembly, 'AWS::ElasticLoadBalancingV2::LoadBalancer').map(({ Properties }) => Properties.Scheme),
    ).toEqual(['internal']);
  }
});
