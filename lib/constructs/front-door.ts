import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  OriginSslPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { RELEASE_HEADER } from '../model/release';
import { type Accepted, acknowledge } from './acknowledge';
import { allowListCode } from './allow-list';
import { SecurityHeaders } from './security-headers';

export interface FrontDoorProps {
  readonly name: string;
  readonly domain: string;
  readonly certificate: ICertificate;
  readonly balancer: IApplicationLoadBalancer;
  /** @default - none, and then only the allowed addresses may enter */
  readonly firewallArn?: string;
  readonly allowedAddresses: readonly string[];
}

const FINDINGS: readonly Accepted[] = [
  {
    ids: ['AwsSolutions-CFR1'],
    why: 'Users may be anywhere.',
    instead: 'limits by address, reputation lists, and sign-in for everything that matters.',
    again: 'when a law or an attack names a country.',
  },
  {
    ids: ['AwsSolutions-CFR3'],
    why: 'The check knows the older logging only.',
    instead: 'access logs by delivery to the log bucket, in the same stack.',
    again: 'when the check knows log deliveries.',
  },
];
const NO_FIREWALL: Accepted = {
  ids: ['AwsSolutions-CFR2'],
  why: 'A web ACL costs more than the rest of the CDN, for a few people.',
  instead: 'a function at the CDN that lets in named addresses only.',
  again: 'when somebody else is let in.',
};

/** What users reach: TLS, HTTP/2 and 3, websockets, and behind it the balancer that nothing else on the internet can reach. */
export class FrontDoor extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    const { name, domain, certificate, firewallArn } = props;
    this.distribution = new Distribution(this, 'Distribution', {
      comment: name,
      domainNames: [domain],
      certificate,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2025,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_200, // the cheapest with Singapore in it
      webAclId: firewallArn,
      // the list of addresses knows IPv4: whoever came by the other would be turned away from a place where they may enter
      enableIpv6: firewallArn !== undefined,
      defaultBehavior: this.toTheBalancer(props),
    });
    acknowledge(this.distribution, ...FINDINGS, ...(firewallArn ? [] : [NO_FIREWALL]));
  }

  private toTheBalancer({ balancer, name, firewallArn, allowedAddresses }: FrontDoorProps): BehaviorOptions {
    return {
      origin: VpcOrigin.withApplicationLoadBalancer(balancer, {
        ...{ vpcOriginName: name, protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY, httpsPort: 443 },
        ...{ originSslProtocols: [OriginSslPolicy.TLS_V1_2], readTimeout: Duration.seconds(60) },
      }),
      ...{ allowedMethods: AllowedMethods.ALLOW_ALL, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS },
      ...{ cachePolicy: CachePolicy.CACHING_DISABLED, compress: true },
      originRequestPolicy: this.withoutRelease(name),
      responseHeadersPolicy: new SecurityHeaders(this, 'Headers', { name }).policy,
      functionAssociations: firewallArn ? [] : [this.allowList(name, allowedAddresses)],
    };
  }

  /** Everything the viewer sent, but the header that would choose the canary. */
  private withoutRelease(name: string): OriginRequestPolicy {
    return new OriginRequestPolicy(this, 'WithoutRelease', {
      originRequestPolicyName: `${name}-without-release`,
      headerBehavior: OriginRequestHeaderBehavior.denyList(RELEASE_HEADER),
      cookieBehavior: OriginRequestCookieBehavior.all(),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
  }

  private allowList(name: string, addresses: readonly string[]) {
    const code = FunctionCode.fromInline(allowListCode(addresses));
    const edgeFunction = new EdgeFunction(this, 'AllowList', {
      ...{ functionName: `${name}-allow-list`, code, runtime: FunctionRuntime.JS_2_0 },
    });
    return { function: edgeFunction, eventType: FunctionEventType.VIEWER_REQUEST };
  }
}
