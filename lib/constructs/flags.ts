import { Duration } from 'aws-cdk-lib';
import {
  Application,
  ConfigurationContent,
  ConfigurationType,
  DeploymentStrategy,
  Environment,
  HostedConfiguration,
  RolloutStrategy,
} from 'aws-cdk-lib/aws-appconfig';
import { Construct } from 'constructs';

export interface FlagsProps {
  readonly name: string;
  /** Each flag with its safest value, which it has until somebody changes it. */
  readonly flags: Readonly<Record<string, boolean>>;
}

/**
 * Kill switches and feature flags, changed in AppConfig without a deploy.
 *
 * A deploy sets them again only when their list changes here.
 */
export class Flags extends Construct {
  readonly application: Application;
  readonly environment: Environment;

  constructor(scope: Construct, id: string, { name, flags }: FlagsProps) {
    super(scope, id);
    this.application = new Application(this, 'Application', { applicationName: name });
    this.environment = new Environment(this, 'Environment', { application: this.application, environmentName: 'live' });
    new HostedConfiguration(this, 'Configuration', {
      ...{ application: this.application, deployTo: [this.environment], name: 'flags' },
      type: ConfigurationType.FEATURE_FLAGS,
      content: ConfigurationContent.fromInlineJson(JSON.stringify(document(flags))),
      deploymentStrategy: this.slowly(name),
    });
    this.atOnce(name);
  }

  /** For features. */
  private slowly(name: string): DeploymentStrategy {
    const strategy = { growthFactor: 10, deploymentDuration: Duration.minutes(10), finalBakeTime: Duration.minutes(5) };
    return new DeploymentStrategy(this, 'Slowly', {
      ...{ deploymentStrategyName: `${name}-slowly`, rolloutStrategy: RolloutStrategy.linear(strategy) },
    });
  }

  /** For kill switches. */
  private atOnce(name: string): DeploymentStrategy {
    const strategy = { growthFactor: 100, deploymentDuration: Duration.minutes(0), finalBakeTime: Duration.minutes(0) };
    return new DeploymentStrategy(this, 'AtOnce', {
      ...{ deploymentStrategyName: `${name}-at-once`, rolloutStrategy: RolloutStrategy.linear(strategy) },
    });
  }
}

/** @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html */
function document(flags: FlagsProps['flags']): object {
  const entries = Object.entries(flags);
  return {
    version: '1',
    flags: Object.fromEntries(entries.map(([name]) => [keyOf(name), { name }])),
    values: Object.fromEntries(entries.map(([name, enabled]) => [keyOf(name), { enabled }])),
  };
}

/** AppConfig wants a key that starts with a small letter. */
function keyOf(name: string): string {
  return name.toLowerCase();
}
