import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/** For answers that bring none of their own: the Edge sends a stricter one with nonces. */
const CONTENT_SECURITY = [
  "default-src 'self'",
  "connect-src 'self' wss:",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  'upgrade-insecure-requests',
].join('; ');

const PERMISSIONS = 'accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()';

/** Headers of every answer, also of those that no service gave. */
export class SecurityHeaders extends Construct {
  readonly policy: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
    super(scope, id);
    const custom = { 'permissions-policy': PERMISSIONS, 'cross-origin-opener-policy': 'same-origin' };
    this.policy = new ResponseHeadersPolicy(this, 'Policy', {
      responseHeadersPolicyName: `${name}-security`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY, override: false },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: true, override: true },
      },
      customHeadersBehavior: {
        customHeaders: [
          ...Object.entries(custom).map(([header, value]) => ({ header, value, override: true })),
          { header: 'cross-origin-resource-policy', value: 'same-origin', override: false },
        ],
      },
    });
  }
}
