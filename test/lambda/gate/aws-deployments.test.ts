import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsDeployments } from '../../../lambda/gate/aws-deployments';
import { ServiceDeployments } from '../../../lambda/gate/aws-service-deployments';
import { trafficGroups } from '../../../lambda/gate/aws-traffic';
import { deploymentArn, PaperEcs } from './aws-ecs';
import { type AwsAnswer, AwsEndpoint, awsError } from './aws-endpoint';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const SECOND = NOW / 1_000;

let ecs: PaperEcs;
let endpoint: AwsEndpoint;
let known: ServiceDeployments;

beforeEach(async () => {
  ecs = new PaperEcs();
  ecs.deployments.push(
    { service: 'edge', release: 'v1', createdAt: SECOND - 900, status: 'SUCCESSFUL' },
    { service: 'edge', release: 'v2', from: 'v1', createdAt: SECOND - 60 },
    { service: 'core', release: 'v2', from: 'v1', createdAt: SECOND - 50 },
  );
  endpoint = await AwsEndpoint.open(ecs.answer);
  known = new ServiceDeployments(new ECSClient(endpoint.client), 'coach', () => NOW);
});

afterEach(() => endpoint.close());

function deployments(canaryWorkers?: string): AwsDeployments {
  const services = [
    { name: 'edge', lane: 'front' },
    { name: 'core', lane: 'inner' },
    { name: 'ai', lane: 'inner' },
  ] as const;
  return new AwsDeployments(new ECSClient(endpoint.client), { cluster: 'coach', services, canaryWorkers }, known);
}

/** The paper ECS, but for one operation. */
function otherwise(operation: string, answer: AwsAnswer): void {
  endpoint.answer = (call) => (call.operation === operation ? answer : ecs.answer(call));
}

describe('a deployment', () => {
  test('is told by its target’s release and digests, what it replaces, and its lane', async () => {
    expect(await deployments().describe(deploymentArn('edge', 'v2'))).toEqual({
      ...{ arn: deploymentArn('edge', 'v2'), service: 'edge', lane: 'front', status: 'IN_PROGRESS', release: 'v2' },
      digests: ['sha256:edge-v2', 'sha256:agent'],
      sourceRevisions: ['arn:aws:ecs:eu-west-1:111111111111:service-revision/coach/edge/v1'],
      ...{ weight: 10, alarms: 'NONE', rollback: undefined, startedAt: '2026-11-21T09:59:02.000Z' },
    });
  });

  test('that goes back says why, and how its alarms stand', async () => {
    ecs.deployments.push({
      ...{ service: 'ai', release: 'v2', from: 'v1', createdAt: SECOND, status: 'ROLLBACK_IN_PROGRESS' },
      more: { alarms: { status: 'TRIGGERED' }, rollback: { reason: 'alarm ai-5xx' } },
    });

    const [, , ai] = await deployments().latest();

    expect(ai).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS', alarms: 'TRIGGERED', rollback: 'alarm ai-5xx' });
  });

  test('that ECS tells too little of is an error, not a guess', async () => {
    const arn = deploymentArn('edge', 'v2');
    otherwise('DescribeServiceDeployments', { body: { serviceDeployments: [{ serviceDeploymentArn: arn }] } });

    await expect(deployments().describe(arn)).rejects.toThrow(
      `${arn}: expected its status and target revision, got neither`,
    );
  });

  test('of a service that is not on the path, or of nobody, is an error', async () => {
    ecs.deployments.push({ service: 'worker', release: 'v2', createdAt: SECOND });

    await expect(deployments().describe(deploymentArn('worker', 'v2'))).rejects.toThrow(
      'expected a service on the release path (edge, core, ai), got another',
    );
    await expect(deployments().describe('arn:none')).rejects.toThrow(
      'arn:none: expected a service deployment, got none; ECS keeps them for 90 days',
    );
  });
});

describe('the latest deployments', () => {
  test('are the newest of each service, the front first; a service that is not there yet has none', async () => {
    const found = await deployments().latest();

    expect(found.map(({ service, release }) => [service, release])).toEqual([
      ['edge', 'v2'],
      ['core', 'v2'],
    ]);
    expect(endpoint.bodies('ListServiceDeployments')).toHaveLength(4);
  });

  test('are looked for no longer back than a deployment can last', async () => {
    await deployments().latest();

    const [{ createdAt }] = endpoint.bodies<{ createdAt: { after: number } }>('ListServiceDeployments') as [
      { createdAt: { after: number } },
    ];
    expect(SECOND - createdAt.after).toBe(31 * 24 * 3_600);
  });

  test('ask for each task definition once, as it never changes', async () => {
    const port = deployments();
    await port.latest();
    await port.latest();

    expect(endpoint.bodies('DescribeTaskDefinition')).toHaveLength(2);
  });
});

describe('stopping a deployment', () => {
  test('asks for a rollback', async () => {
    await deployments().stop(deploymentArn('edge', 'v2'));

    expect(endpoint.bodies('StopServiceDeployment')).toEqual([
      { serviceDeploymentArn: deploymentArn('edge', 'v2'), stopType: 'ROLLBACK' },
    ]);
  });

  test.each([
    ['has ended', deploymentArn('edge', 'v1'), 'ConflictException'],
    ['is gone', 'arn:none', 'ServiceDeploymentNotFoundException'],
  ])('that %s is done already', async (_, arn, refusal) => {
    otherwise('StopServiceDeployment', awsError(refusal));

    await expect(deployments().stop(arn)).resolves.toBeUndefined();
  });

  test('that ECS refuses while it runs is an error', async () => {
    otherwise('StopServiceDeployment', awsError('AccessDeniedException'));

    await expect(deployments().stop(deploymentArn('edge', 'v2'))).rejects.toThrow('AccessDeniedException of this test');
  });
});

describe('the canary workers', () => {
  test('are counted by the revision that is being deployed alone', async () => {
    ecs.workers = {
      ...{ desiredCount: 1, runningCount: 2 },
      deployments: [
        { status: 'ACTIVE', desiredCount: 1, runningCount: 1, taskDefinition: 'worker:v1' },
        { status: 'PRIMARY', desiredCount: 1, runningCount: 0, taskDefinition: 'worker:v2' },
      ],
    };

    expect(await deployments('worker-canary').canaryWorkers()).toEqual({ desired: 1, running: 0, release: 'v2' });
  });

  test('are scaled by their count alone, so that the release decides what they run', async () => {
    await deployments('worker-canary').scaleCanaryWorkers(2);

    expect(endpoint.bodies('UpdateService')).toEqual([{ cluster: 'coach', service: 'worker-canary', desiredCount: 2 }]);
  });

  test('are nobody in a system without workers', async () => {
    await deployments().scaleCanaryWorkers(1);

    expect(await deployments().canaryWorkers()).toEqual({ desired: 0, running: 0, release: undefined });
    expect(endpoint.calls).toHaveLength(0);
  });
});

describe('the target groups of real traffic', () => {
  test('are those of the release’s own deployment, also when a later one has swapped them', async () => {
    ecs.deployments.push({ service: 'edge', release: 'v3', from: 'v2', createdAt: SECOND });

    expect(await trafficGroups(known, 'edge', 'v2')).toEqual({
      ...{ balancer: 'app/coach/50dc6c', canary: 'targetgroup/edge-b/0123', stable: 'targetgroup/edge-a/0123' },
    });
    expect(await trafficGroups(known, 'edge', 'v3')).toMatchObject({
      ...{ canary: 'targetgroup/edge-a/0123', stable: 'targetgroup/edge-b/0123' },
    });
  });

  test('are unknown for a release that was never deployed, and for one that replaces nothing', async () => {
    expect(await trafficGroups(known, 'edge', 'v9')).toBeUndefined();
    expect(await trafficGroups(known, 'edge', 'v1')).toBeUndefined();
  });

  test('are unknown while ECS has not resolved them', async () => {
    otherwise('DescribeServiceRevisions', {
      body: {
        serviceRevisions: [
          {
            serviceRevisionArn: 'arn:aws:ecs:eu-west-1:111111111111:service-revision/coach/edge/v2',
            taskDefinition: 'edge:v2',
          },
        ],
      },
    });

    expect(await trafficGroups(known, 'edge', 'v2')).toBeUndefined();
  });
});
