import type { AwsAnswer, AwsCall } from './aws-endpoint';
import { awsError } from './aws-endpoint';

const ARN = 'arn:aws:ecs:eu-west-1:111111111111';
const BALANCING = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';

export function deploymentArn(service: string, release: string): string {
  return `${ARN}:service-deployment/coach/${service}/${release}`;
}

/** A deployment as ECS describes it; times are seconds since the epoch. */
export interface PaperDeployment {
  readonly service: string;
  readonly release: string;
  /** Release it replaces; undefined for the first. */
  readonly from?: string;
  readonly createdAt: number;
  readonly status?: string;
  readonly more?: object;
}

/**
 * The part of the ECS API that the gate uses, in memory. A service has one revision and one task definition for each release; its
 * two target groups alternate with its deployments.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
 */
export class PaperEcs {
  readonly deployments: PaperDeployment[] = [];
  workers: object = {};

  answer = ({ operation, body }: AwsCall): AwsAnswer => {
    const input = JSON.parse(body);
    switch (operation) {
      case 'ListServiceDeployments':
        return this.list(input);
      case 'DescribeServiceDeployments':
        return { body: { serviceDeployments: this.known(input.serviceDeploymentArns).map(described).reverse() } };
      case 'DescribeServiceRevisions':
        return { body: { serviceRevisions: input.serviceRevisionArns.map((arn: string) => this.revision(arn)) } };
      case 'DescribeTaskDefinition':
        return { body: { taskDefinition: taskDefinition(input.taskDefinition) } };
      case 'StopServiceDeployment':
        this.stop(input.serviceDeploymentArn);
        return { body: {} };
      case 'UpdateService':
        this.workers = workersOf(input.desiredCount, this.deployments.at(-1)?.release);
        return { body: {} };
      case 'DescribeServices':
        return { body: { services: [this.workers] } };
      default:
        return { body: {} };
    }
  };

  /** Change what a service's newest deployment says of itself. */
  move(service: string, changes: Partial<PaperDeployment>): void {
    const at = this.deployments.findLastIndex((deployment) => deployment.service === service);
    this.deployments[at] = { ...this.deployments[at]!, ...changes };
  }

  private stop(arn: string): void {
    const stopped = this.known([arn])[0];
    if (stopped)
      this.move(stopped.service, { status: 'ROLLBACK_IN_PROGRESS', more: { rollback: { reason: 'stopped' } } });
  }

  private list({ service, nextToken = '0' }: { service: string; nextToken?: string }): AwsAnswer {
    const own = this.deployments.filter((deployment) => deployment.service === service);
    if (own.length === 0) return awsError('ServiceNotFoundException');
    const [page] = own.slice(Number(nextToken));
    const isLast = Number(nextToken) + 1 >= own.length;
    const brief = page && {
      ...{ serviceDeploymentArn: deploymentArn(page.service, page.release), createdAt: page.createdAt },
    };
    return { body: { serviceDeployments: [brief], nextToken: isLast ? undefined : String(Number(nextToken) + 1) } };
  }

  private known(arns: readonly string[]): PaperDeployment[] {
    return this.deployments.filter(({ service, release }) => arns.includes(deploymentArn(service, release)));
  }

  private revision(arn: string): object {
    const [service = '', release = ''] = arn.split('/').slice(-2);
    const turn = this.deployments.filter((one) => one.service === service).findIndex((one) => one.release === release);
    return {
      ...{ serviceRevisionArn: arn, taskDefinition: `${ARN}:task-definition/${service}:${release}` },
      containerImages: [
        { containerName: 'app', imageDigest: `sha256:${service}-${release}` },
        { containerName: 'agent', image: 'registry/agent@sha256:agent' },
      ],
      resolvedConfiguration: {
        loadBalancers: [
          {
            targetGroupArn: `${BALANCING}:targetgroup/${service}-${turn % 2 === 0 ? 'a' : 'b'}/0123`,
            productionListenerRule: `${BALANCING}:listener-rule/app/coach/50dc6c/f2f7dc/9683b2`,
          },
        ],
      },
    };
  }
}

function revisionArn(service: string, release: string): string {
  return `${ARN}:service-revision/coach/${service}/${release}`;
}

function workersOf(count: number, release: string | undefined): object {
  const primary = { status: 'PRIMARY', desiredCount: count, runningCount: count };
  return { deployments: [{ ...primary, taskDefinition: `${ARN}:task-definition/worker-canary:${release}` }] };
}

function described({ service, release, from, createdAt, status = 'IN_PROGRESS', more }: PaperDeployment): object {
  return {
    ...{ serviceDeploymentArn: deploymentArn(service, release), serviceArn: `${ARN}:service/coach/${service}` },
    ...{ status, createdAt, startedAt: createdAt + 2 },
    targetServiceRevision: { arn: revisionArn(service, release), requestedProductionTrafficWeight: 10 },
    sourceServiceRevisions: from === undefined ? [] : [{ arn: revisionArn(service, from) }],
    ...more,
  };
}

function taskDefinition(arn: string): object {
  const release = arn.split(':').at(-1);
  const app = { name: 'app', environment: [{ name: 'RELEASE_ID', value: release }] };
  return { taskDefinitionArn: arn, containerDefinitions: [{ name: 'agent', environment: [] }, app] };
}
