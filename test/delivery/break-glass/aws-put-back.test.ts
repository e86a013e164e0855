import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsPutBack } from '../../../delivery/break-glass/aws-put-back';
import { ServiceDeployments } from '../../../lambda/gate/aws-service-deployments';
import { PaperEcs } from '../../lambda/gate/aws-ecs';
import { type AwsAnswer, type AwsCall, AwsEndpoint } from '../../lambda/gate/aws-endpoint';
import { MemoryStore } from '../../support/gate-world';

const SECOND = Date.parse('2026-11-21T10:00:00Z') / 1_000;
const DEFINITION = 'arn:aws:ecs:eu-west-1:111111111111:task-definition';
const HOOKS = [{ hookTargetArn: 'gate', lifecycleStages: ['PRE_SCALE_UP'] }];
const OWN = {
  ...{ strategy: 'CANARY', bakeTimeInMinutes: 10, canaryConfiguration: { canaryPercent: 10 }, lifecycleHooks: HOOKS },
  deploymentCircuitBreaker: { enable: true, rollback: true },
};

interface PaperService {
  readonly taskDefinition: string;
  readonly deploymentConfiguration: object;
}

let paper: PaperEcs;
let services: Record<string, PaperService>;
let endpoint: AwsEndpoint;
let store: MemoryStore;
let pauses: number;
/** Service whose circuit breaker puts it back where it was. */
let breaker: string | undefined;

beforeEach(async () => {
  paper = new PaperEcs();
  store = new MemoryStore();
  pauses = 0;
  breaker = undefined;
  services = {};
  for (const service of ['edge', 'core']) {
    paper.deployments.push({ service, release: 'v2', from: 'v1', createdAt: SECOND - 60, status: 'SUCCESSFUL' });
    services[service] = { taskDefinition: `${DEFINITION}/coach-${service}:v2`, deploymentConfiguration: OWN };
  }
  endpoint = await AwsEndpoint.open(answer);
});

afterEach(() => endpoint.close());

/** Services that change when they are updated, and task definitions by family; the rest of ECS is the gate's own paper one. */
function answer(call: AwsCall): AwsAnswer {
  const input = JSON.parse(call.body);
  switch (call.operation) {
    case 'DescribeServices':
      return { body: { services: input.services.map((name: string) => ({ serviceName: name, ...services[name] })) } };
    case 'ListTaskDefinitions':
      return {
        body: { taskDefinitionArns: ['v2', 'v1'].map((release) => `${DEFINITION}/${input.familyPrefix}:${release}`) },
      };
    case 'UpdateService': {
      const { service, taskDefinition, deploymentConfiguration } = input;
      const stands = services[service] ?? { taskDefinition: '', deploymentConfiguration: {} };
      services[service] = {
        taskDefinition: service === breaker ? stands.taskDefinition : (taskDefinition ?? stands.taskDefinition),
        deploymentConfiguration: deploymentConfiguration ?? stands.deploymentConfiguration,
      };
      return { body: {} };
    }
    default:
      return paper.answer(call);
  }
}

function putBack(): AwsPutBack {
  const ecs = new ECSClient(endpoint.client);
  const known = new ServiceDeployments(ecs, 'coach', () => SECOND * 1_000);
  const families = { edge: 'coach-edge', core: 'coach-core', worker: 'coach-worker' };
  const pause = async () => {
    pauses += 1;
    paper.move('edge', { status: 'ROLLBACK_SUCCESSFUL' });
  };
  return new AwsPutBack({ ecs, known, store, pause, places: { cluster: 'coach', families } });
}

describe('going back in AWS', () => {
  test('sets each service to the task definition of that release at once, without a bake and without the gate', async () => {
    await putBack().putBack(['edge', 'core'], 'v1');

    expect(endpoint.bodies('UpdateService')).toEqual(
      ['edge', 'core'].map((service) => ({
        ...{ cluster: 'coach', service, taskDefinition: `${DEFINITION}/coach-${service}:v1` },
        deploymentConfiguration: {
          ...{ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0, lifecycleHooks: [] },
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
      })),
    );
  });

  test('puts the gate’s hooks on again as they were, also after it was cut short in between', async () => {
    await putBack().putBack(['edge', 'core'], 'v1');
    await putBack().putBack(['edge', 'core'], 'v1');
    await putBack().restore(['edge', 'core']);

    expect(services.edge).toEqual({ taskDefinition: `${DEFINITION}/coach-edge:v1`, deploymentConfiguration: OWN });
    const { length } = endpoint.bodies('UpdateService');
    await putBack().restore(['edge', 'core']);
    expect(endpoint.bodies('UpdateService')).toHaveLength(length);
  });

  test('after a release that failed late leaves the gate’s hooks on: the next release is held as ever', async () => {
    await putBack().putBackUnderGate(['edge', 'core'], 'v1');

    for (const service of ['edge', 'core'])
      expect(services[service]).toEqual({
        taskDefinition: `${DEFINITION}/coach-${service}:v1`,
        deploymentConfiguration: OWN,
      });
  });

  test('waits for a deployment that has not ended: the rule’s weights must not be between two revisions', async () => {
    paper.move('edge', { status: 'ROLLBACK_IN_PROGRESS' });
    await putBack().putBack(['edge'], 'v1');
    // once for it, and once for ECS to list the new one
    expect(pauses).toBe(2);
  });

  test('does not call it done where ECS went back again', async () => {
    breaker = 'edge';
    await expect(putBack().putBack(['edge', 'core'], 'v1')).rejects.toThrow(
      `edge: expected ${DEFINITION}/coach-edge:v1 to stay, got ${DEFINITION}/coach-edge:v2 again; ` +
        'see the events of the service, then go back to another release',
    );

    breaker = 'worker';
    services.worker = { taskDefinition: `${DEFINITION}/coach-worker:v2`, deploymentConfiguration: {} };
    await expect(putBack().roll('worker', 'v1')).rejects.toThrow(/^worker: expected .*:v1 to stay, got .*:v2 again/);
  });

  test('touches nothing if one of them has no task definition of that release any more', async () => {
    await expect(putBack().putBack(['edge', 'core'], 'v0')).rejects.toThrow(
      'edge: expected an active task definition of v0 in family coach-edge, got none; go back to a release that still has one',
    );
    expect(endpoint.bodies('UpdateService')).toEqual([]);
  });

  test('rolls workers as they always are', async () => {
    await putBack().roll('worker', 'v1');
    expect(endpoint.bodies('UpdateService')).toEqual([
      { cluster: 'coach', service: 'worker', taskDefinition: `${DEFINITION}/coach-worker:v1` },
    ]);
  });
});
