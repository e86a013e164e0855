import { ECSClient } from '@aws-sdk/client-ecs';
import { FIRST_RUN_VARIABLES, type FirstRunConfig } from '../../lib/model/first-run-config';
import { AWS_CLIENT } from '../aws';
import { requireEnv } from '../env';
import { writeLog } from '../log';
import { awsTaskRunner } from './aws-task-runner';
import { type ResourceRequest, respond, whenMade } from './custom-resource';
import { runInOrder } from './run-in-order';

const config = JSON.parse(requireEnv(FIRST_RUN_VARIABLES.config)) as FirstRunConfig;
const ecs = new ECSClient(AWS_CLIENT);

/** Kept for the answer. */
const MARGIN_MS = 30_000;

export async function handler(
  request: ResourceRequest,
  context: { readonly getRemainingTimeInMillis: () => number },
): Promise<void> {
  const runner = awsTaskRunner(ecs, config, () => context.getRemainingTimeInMillis() < MARGIN_MS);
  const response = await whenMade(request, () => runInOrder(runner, config.families));
  writeLog('first run', { request: request.RequestType, status: response.Status, reason: response.Reason });
  await respond(request, response);
}
