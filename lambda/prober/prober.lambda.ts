import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PROBER_VARIABLES, type ProberConfig } from '../../lib/model/gate-config';
import { AWS_CLIENT, WAITING_CLIENT } from '../aws';
import { invoke } from '../aws-invoke';
import { requireEnv } from '../env';
import { awsMetrics } from '../gate/aws-metrics';
import { awsAccount } from './aws-account';
import { invokeProber, type ProberCall, type ProberResult } from './invocation';
import type { ProberPorts } from './prober';

const config = JSON.parse(requireEnv(PROBER_VARIABLES.config)) as ProberConfig;
const gateFunction = requireEnv(PROBER_VARIABLES.gateFunction);
const lambda = new LambdaClient(WAITING_CLIENT);
const metrics = awsMetrics(AWS_CLIENT, {
  namespace: requireEnv(PROBER_VARIABLES.metricNamespace),
  ...{ minuteMs: config.minuteMs, closeAfterMin: 0, now: Date.now },
});

const ports: ProberPorts = {
  brief: () => invoke(lambda, gateFunction, { call: 'brief' }),
  tick: () => invoke(lambda, gateFunction, { call: 'tick' }),
  publish: (release, { minuteStart, counts }) => metrics.publish(release, minuteStart, counts),
  account: awsAccount(new SecretsManagerClient(AWS_CLIENT), requireEnv(PROBER_VARIABLES.account), Date.now),
  now: Date.now,
};

export async function handler(event: ProberCall): Promise<ProberResult> {
  return invokeProber(config, ports, event);
}
