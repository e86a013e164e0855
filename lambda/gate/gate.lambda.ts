import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GATE_VARIABLES, type GateConfig } from '../../lib/model/gate-config';
import { AWS_CLIENT, SMOKE_CLIENT } from '../aws';
import { requireEnv } from '../env';
import { AwsDeployments } from './aws-deployments';
import { awsLedger } from './aws-ledger';
import { awsMetrics } from './aws-metrics';
import { awsNotices } from './aws-notices';
import { awsPointer } from './aws-pointer';
import { awsSchedule } from './aws-schedule';
import { ServiceDeployments } from './aws-service-deployments';
import { awsSmoke } from './aws-smoke';
import { trafficGroups } from './aws-traffic';
import { createGate } from './gate';
import { type GateCall, type GateResult, invokeGate } from './invocation';
import type { GatePorts } from './ports';

const config = JSON.parse(requireEnv(GATE_VARIABLES.config)) as GateConfig;
const cluster = requireEnv(GATE_VARIABLES.cluster);
const ecs = new ECSClient(AWS_CLIENT);
const known = new ServiceDeployments(ecs, cluster, Date.now);
const [front] = config.services;

const ports: GatePorts = {
  ledger: awsLedger(new S3Client(AWS_CLIENT), requireEnv(GATE_VARIABLES.ledgerBucket)),
  metrics: awsMetrics(AWS_CLIENT, {
    namespace: requireEnv(GATE_VARIABLES.metricNamespace),
    minuteMs: config.minuteMs,
    closeAfterMin: config.closeAfterMin,
    traffic: async (release) => front && trafficGroups(known, front.name, release),
    now: Date.now,
  }),
  pointer: awsPointer(new SSMClient(AWS_CLIENT), requireEnv(GATE_VARIABLES.pointerParameter)),
  deployments: new AwsDeployments(
    ecs,
    {
      ...{ cluster, services: config.services },
      canaryWorkers: config.canaryWorkers > 0 ? requireEnv(GATE_VARIABLES.canaryWorkers) : undefined,
    },
    known,
  ),
  notices: awsNotices(new SNSClient(AWS_CLIENT), requireEnv(GATE_VARIABLES.noticeTopic)),
  smoke: awsSmoke(new LambdaClient(SMOKE_CLIENT), requireEnv(GATE_VARIABLES.proberFunction), config.services),
  schedule: awsSchedule(new SchedulerClient(AWS_CLIENT), requireEnv(GATE_VARIABLES.proberSchedule)),
  now: Date.now,
};

const gate = createGate(config, ports);

export async function handler(event: GateCall): Promise<GateResult> {
  return invokeGate(gate, event);
}
