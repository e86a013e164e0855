import { Duration, Stack } from 'aws-cdk-lib';
import {
  Application,
  ConfigurationContent,
  ConfigurationType,
  DeploymentStrategy,
  Environment,
  HostedConfiguration,
  RolloutStrategy,
} from 'aws-cdk-lib/aws-appconfig';
import { ContainerImage, type FargateTaskDefinition, type LogDriver } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface FlagsProps {
  readonly name: string;
  /** Each flag with its safest value, which it has until somebody changes it. */
  readonly flags: Readonly<Record<string, boolean>>;
}

const LIVE = 'live';
const FLAGS = 'flags';
const AGENT_PORT = 2772;
const AGENT_IMAGE = 'public.ecr.aws/aws-appconfig/aws-appconfig-agent:2.0.7985';

/**
 * Kill switches and feature flags, changed in AppConfig without a deploy.
 *
 * A deploy sets them again only when their list changes here.
 */
export class Flags extends Construct {
  readonly application: Application;
  readonly environment: Environment;
  private readonly configuration: HostedConfiguration;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FlagsProps,
  ) {
    super(scope, id);
    const { name, flags } = props;
    this.application = new Application(this, 'Application', { applicationName: name });
    this.environment = new Environment(this, 'Environment', { application: this.application, environmentName: LIVE });
    this.configuration = new HostedConfiguration(this, 'Configuration', {
      ...{ application: this.application, deployTo: [this.environment], name: FLAGS },
      type: ConfigurationType.FEATURE_FLAGS,
      content: ConfigurationContent.fromInlineJson(JSON.stringify(document(flags))),
      deploymentStrategy: this.slowly(name),
    });
    this.atOnce(name);
  }

  /** Where the agent beside a service answers them. */
  get url(): string {
    return `http://127.0.0.1:${AGENT_PORT}/applications/${this.props.name}/environments/${LIVE}/configurations/${FLAGS}`;
  }

  /** Put the agent beside a service's container. Without it a service has every flag at its safest, so it may come and go. */
  serve(definition: FargateTaskDefinition, logging: LogDriver): void {
    definition.addContainer('flags', {
      image: ContainerImage.fromRegistry(AGENT_IMAGE),
      ...{ essential: false, readonlyRootFilesystem: true, user: '10001:10001', logging },
      environment: { SERVICE_REGION: Stack.of(definition).region },
    });
    const { account, region, partition } = Stack.of(this);
    const path = [
      `application/${this.application.applicationId}`,
      `environment/${this.environment.environmentId}`,
      `configuration/${this.configuration.configurationProfileId}`,
    ].join('/');
    definition.addToTaskRolePolicy(
      new PolicyStatement({
        actions: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
        resources: [`arn:${partition}:appconfig:${region}:${account}:${path}`],
      }),
    );
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
