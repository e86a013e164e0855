import { FRONT_PORT, FRONT_TEST_PORT } from '../../lib/model/listeners';
import { RELEASE_HEADER } from '../../lib/model/release';
import type { Assembly } from './assembly';
import { all, type Fault, fault, follow, type Placed, target, those } from './resources';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const FRONT_PORTS: readonly number[] = [FRONT_PORT, FRONT_TEST_PORT];
const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** What must hold of the way from the internet to a service. */
export function entranceFaults(assembly: Assembly): readonly Fault[] {
  return [
    ...all(assembly, LISTENER).flatMap(listenerFaults),
    ...all(assembly, RULE).flatMap((rule) => ruleFaults(assembly, rule)),
    ...samePriorities(assembly),
    ...all(assembly, GROUP).flatMap(groupFaults),
    ...all(assembly, 'AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap(balancerFaults),
    ...all(assembly, 'AWS::CloudFront::Distribution').flatMap((distribution) => cdnFaults(assembly, distribution)),
    ...all(assembly, 'AWS::WAFv2::WebACL').flatMap(firewallFaults),
  ];
}

function listenerFaults(listener: Placed): readonly Fault[] {
  const [action] = listener.Properties.DefaultActions ?? [];
  const refuses = action?.Type === 'fixed-response' && action.FixedResponseConfig?.StatusCode === '404';
  const says = refuses ? [] : ['a default action other than 404'];
  if (listener.Properties.Protocol !== 'HTTPS') says.push('no TLS');
  return says.map((text) => fault('listener', listener, text));
}

function ruleFaults(assembly: Assembly, rule: Placed): readonly Fault[] {
  const [action] = rule.Properties.Actions ?? [];
  const groups: readonly { readonly Weight?: number }[] = action?.ForwardConfig?.TargetGroups ?? [];
  const weights = groups.map(({ Weight = 1 }) => Weight);
  const port = target(assembly, rule.stack, rule.Properties.ListenerArn)?.Properties.Port;
  const isFront = rule.stack.name.endsWith(`-${assembly.model.front}`);
  return those(
    [action?.Type !== 'forward', `an action ${action?.Type}; ECS moves forwards only`],
    [weights.some((weight) => weight < 0 || weight > 999), `weights ${weights}`],
    [weights.filter((weight) => weight > 0).length !== 1, 'not exactly one group with weight at the start'],
    [action?.ForwardConfig?.TargetGroupStickinessConfig?.Enabled, 'stickiness, which overrides the weights'],
    [!isFront && FRONT_PORTS.includes(port), `an inner service on the front's port ${port}`],
  ).map((text) => fault('listener rule', rule, text));
}

function samePriorities(assembly: Assembly): readonly Fault[] {
  const seen = new Set<string>();
  return all(assembly, RULE).flatMap((rule) => {
    const { ListenerArn, Priority } = rule.Properties;
    const place = `${follow(assembly, rule.stack, ListenerArn)} ${Priority}`;
    if (!seen.has(place)) {
      seen.add(place);
      return [];
    }
    return [fault('listener rule', rule, `priority ${Priority} is taken on its listener`)];
  });
}

function groupFaults(group: Placed): readonly Fault[] {
  const { HealthCheckIntervalSeconds: every = 30, HealthCheckTimeoutSeconds: within = 5, ...rest } = group.Properties;
  const attributes: readonly { Key: string; Value: string }[] = rest.TargetGroupAttributes ?? [];
  const attribute = (key: string) => attributes.find(({ Key }) => Key === key)?.Value;
  return those(
    [within >= every, `a health check every ${every} s that may take ${within} s`],
    [!rest.HealthCheckPath?.startsWith('/'), 'no health check path'],
    [attribute('stickiness.enabled') === 'true', 'stickiness, which overrides the weights'],
    [Number(attribute('deregistration_delay.timeout_seconds') ?? 300) > 120, 'a deregistration delay over 120 s'],
  ).map((text) => fault('target group', group, text));
}

function balancerFaults(balancer: Placed): readonly Fault[] {
  return balancer.Properties.Scheme === 'internal' ? [] : [fault('balancer', balancer, 'a public balancer')];
}

function cdnFaults(assembly: Assembly, distribution: Placed): readonly Fault[] {
  const {
    Aliases = [],
    DefaultCacheBehavior: behavior = {},
    ...config
  } = distribution.Properties.DistributionConfig ?? {};
  const certificate = target(assembly, distribution.stack, config.ViewerCertificate?.AcmCertificateArn);
  const policy = target(assembly, distribution.stack, behavior.OriginRequestPolicyId);
  const headers = policy?.Properties.OriginRequestPolicyConfig?.HeadersConfig;
  const drops = headers?.HeaderBehavior === 'allExcept' && headers.Headers?.includes(RELEASE_HEADER);
  return those(
    [Aliases.length > 0 && !certificate, 'an alias without a certificate'],
    [certificate && certificate.stack.region !== 'us-east-1', 'a certificate outside us-east-1'],
    [certificate && !Aliases.includes(certificate.Properties.DomainName), 'a certificate of another name'],
    [!drops, 'viewers may choose the canary: x-release is not dropped'],
    [!config.WebACLId && !behavior.FunctionAssociations?.length, 'neither a firewall nor a list of addresses'],
    [!behavior.ResponseHeadersPolicyId, 'no security headers'],
  ).map((text) => fault('cdn', distribution, text));
}

function firewallFaults(acl: Placed): readonly Fault[] {
  const rules: Record<string, unknown>[] = acl.Properties.Rules ?? [];
  const priorities = rules.map(({ Priority }) => Priority);
  const says = rules
    .filter((rule) => (rule.Action === undefined) === (rule.OverrideAction === undefined))
    .map(({ Name }) => `rule ${Name}: expected an action or an override`);
  if (new Set(priorities).size !== priorities.length) says.push('two rules of one priority');
  if (acl.stack.region !== 'us-east-1') says.push('a firewall for the CDN outside us-east-1');
  return says.map((text) => fault('firewall', acl, text));
}
