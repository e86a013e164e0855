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
    ...all(assembly, 'AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap((balancer) =>
      balancerFaults(assembly, balancer),
    ),
    ...all(assembly, 'AWS::CloudFront::Distribution').flatMap((distribution) => cdnFaults(assembly, distribution)),
    ...all(assembly, 'AWS::WAFv2::WebACL').flatMap(firewallFaults),
  ];
}

function listenerFaults(listener: Placed): readonly Fault[] {
  const [action] = listener.Properties.DefaultActions ?? [];
  const refuses = action?.Type === 'fixed-response' && action.FixedResponseConfig?.StatusCode === '404';
  const says = refuses ? [] : ['a default action other than 404'];
  const { Protocol, SslPolicy } = listener.Properties;
  if (Protocol !== 'HTTPS') says.push('no TLS');
  if (!/TLS13/.test(SslPolicy)) says.push(`policy ${SslPolicy}, without TLS 1.3`);
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
    [!rest.HealthCheckPath?.startsWith('/') || rest.HealthCheckEnabled === false, 'no health check'],
    [attribute('stickiness.enabled') === 'true', 'stickiness, which overrides the weights'],
    [Number(attribute('deregistration_delay.timeout_seconds') ?? 300) > 120, 'a deregistration delay over 120 s'],
  ).map((text) => fault('target group', group, text));
}

function balancerFaults({ model }: Assembly, balancer: Placed): readonly Fault[] {
  const attributes: readonly { Key: string; Value: string }[] = balancer.Properties.LoadBalancerAttributes ?? [];
  const attribute = (key: string) => attributes.find(({ Key }) => Key === key)?.Value;
  return those(
    [balancer.Properties.Scheme !== 'internal', 'a public balancer'],
    [
      model.tier.retain && attribute('deletion_protection.enabled') !== 'true',
      'a balancer without deletion protection',
    ],
    [
      attribute('routing.http.drop_invalid_header_fields.enabled') !== 'true',
      'headers that services may read otherwise',
    ],
    [Number(attribute('idle_timeout.timeout_seconds') ?? 60) < 300, 'websockets that are cut while nobody speaks'],
    [attribute('access_logs.s3.enabled') !== 'true', 'no access log'],
  ).map((text) => fault('balancer', balancer, text));
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
    [!isSecured(target(assembly, distribution.stack, behavior.ResponseHeadersPolicyId)), 'no security headers'],
    [behavior.ViewerProtocolPolicy === 'allow-all', 'answers without TLS'],
    [!/^TLSv1\.[23]_20/.test(config.ViewerCertificate?.MinimumProtocolVersion), 'viewers with an old TLS'],
    [!isOnlyByTls(assembly, distribution), 'an origin without TLS, or outside the VPC'],
    [!config.WebACLId && config.IPV6Enabled, 'a list of IPv4 addresses, and a way in by IPv6'],
  ).map((text) => fault('cdn', distribution, text));
}

function isCount(action: unknown): boolean {
  return typeof action === 'object' && action !== null && 'Count' in action;
}

function isSecured(policy: Placed | undefined): boolean {
  const headers = policy?.Properties.ResponseHeadersPolicyConfig?.SecurityHeadersConfig ?? {};
  return ['ContentSecurityPolicy', 'StrictTransportSecurity', 'ReferrerPolicy'].every((header) => headers[header]);
}

function isOnlyByTls(assembly: Assembly, { stack, Properties }: Placed): boolean {
  const origins: readonly { readonly VpcOriginConfig?: { readonly VpcOriginId?: unknown } }[] =
    Properties.DistributionConfig?.Origins ?? [];
  return origins.every(({ VpcOriginConfig }) => {
    const endpoint = target(assembly, stack, VpcOriginConfig?.VpcOriginId)?.Properties.VpcOriginEndpointConfig;
    return endpoint?.OriginProtocolPolicy === 'https-only';
  });
}

function firewallFaults(acl: Placed): readonly Fault[] {
  const rules: Record<string, unknown>[] = acl.Properties.Rules ?? [];
  const priorities = rules.map(({ Priority }) => Priority);
  const says = rules
    .filter((rule) => (rule.Action === undefined) === (rule.OverrideAction === undefined))
    .map(({ Name }) => `rule ${Name}: expected an action or an override`);
  const counting = rules.filter(({ Action, OverrideAction }) => isCount(Action) || isCount(OverrideAction));
  says.push(...counting.map(({ Name }) => `rule ${Name} only counts`));
  const limits = rules.filter(({ Statement }) => (Statement as Record<string, unknown>).RateBasedStatement);
  if (limits.length === 0) says.push('no limit of requests');
  if (new Set(priorities).size !== priorities.length) says.push('two rules of one priority');
  if (acl.stack.region !== 'us-east-1') says.push('a firewall for the CDN outside us-east-1');
  return says.map((text) => fault('firewall', acl, text));
}
