import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { GateConfig } from '../../lib/model/gate-config';
import { invoke } from '../aws-invoke';
import type { SmokePort } from './ports';

/**
 * Asks through the prober, which stands in the VPC and may reach the test rules; the gate itself reaches AWS APIs only.
 *
 * A prober that cannot be asked is an answer of nobody, so the gate waits, and its hook's timeout is the end of it.
 */
export function awsSmoke(lambda: LambdaClient, proberFunction: string, services: GateConfig['services']): SmokePort {
  return {
    ask: async (service) => {
      try {
        const lane = services.find(({ name }) => name === service)?.lane;
        return await invoke(lambda, proberFunction, { call: 'smoke', service, lane });
      } catch (error) {
        return { release: undefined, healthy: false, detail: (error as Error).message };
      }
    },
  };
}
