import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface WebFirewallProps {
  readonly name: string;
  readonly logDays: RetentionDays;
}

/** Requests from one address in five minutes. */
const PER_ADDRESS = 2_000;
/** Those that may guess a password. */
const PER_ADDRESS_TO_SIGN_IN = 100;

type Rule = CfnWebACL.RuleProperty;

/** Turns away at the CDN what no service should have to: known attackers, known attacks, and too much of anything. */
export class WebFirewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, logDays }: WebFirewallProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      ...{ name, scope: 'CLOUDFRONT', defaultAction: { allow: {} }, visibilityConfig: seen(name) },
      rules: [
        managed('AWSManagedRulesAmazonIpReputationList', 0),
        limited('per-address', 1, { limit: PER_ADDRESS }),
        limited('sign-in', 2, { limit: PER_ADDRESS_TO_SIGN_IN, under: '/auth/' }),
        // large bodies are uploads, which the services cap themselves
        managed('AWSManagedRulesCommonRuleSet', 3, ['SizeRestrictions_BODY']),
        managed('AWSManagedRulesKnownBadInputsRuleSet', 4),
        managed('AWSManagedRulesSQLiRuleSet', 5),
      ],
    });
    this.arn = acl.attrArn;
    this.log(name, logDays);
  }

  /** Only what was turned away, and without what would let somebody in. */
  private log(name: string, retention: RetentionDays): void {
    const logGroup = new LogGroup(this, 'Log', {
      ...{ logGroupName: `aws-waf-logs-${name}`, retention, removalPolicy: RemovalPolicy.DESTROY },
    });
    acknowledge(logGroup, {
      ids: ['NIST.800.53.R5-CloudWatchLogGroupEncrypted'],
      why: "It is in us-east-1, where the environment's key is not.",
      instead: 'encryption by CloudWatch Logs; cookies and tokens are left out before a line is written.',
      again: 'when there is a key in us-east-1.',
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      ...{ resourceArn: this.arn, logDestinationConfigs: [logGroup.logGroupArn] },
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'cookie' } }],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          { Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] },
        ],
      },
    });
  }
}

function managed(name: string, priority: number, countOnly: readonly string[] = []): Rule {
  return {
    ...{ name, priority, overrideAction: { none: {} }, visibilityConfig: seen(name) },
    statement: {
      managedRuleGroupStatement: {
        ...{ vendorName: 'AWS', name },
        ruleActionOverrides: countOnly.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
  };
}

function limited(name: string, priority: number, { limit, under }: { limit: number; under?: string }): Rule {
  const scopeDownStatement = under && {
    byteMatchStatement: {
      ...{ searchString: under, positionalConstraint: 'STARTS_WITH', fieldToMatch: { uriPath: {} } },
      textTransformations: [{ priority: 0, type: 'NORMALIZE_PATH' }],
    },
  };
  return {
    ...{ name, priority, action: { block: {} }, visibilityConfig: seen(name) },
    statement: {
      rateBasedStatement: { limit, aggregateKeyType: 'IP', ...(scopeDownStatement ? { scopeDownStatement } : {}) },
    },
  };
}

function seen(metricName: string) {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
