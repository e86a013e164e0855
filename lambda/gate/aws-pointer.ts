import { GetParameterCommand, ParameterNotFound, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { CanaryPointer } from '../../lib/model/release';
import type { PointerStore } from './ports';

/** What services read while nobody is canary. A parameter cannot be empty, and one that is deleted would keep them from being ready. */
const NONE = 'none';

/** The parameter that says who is canary: the pointer as JSON, or the word `none`. @see docs/service-contract.md */
export function awsPointer(ssm: SSMClient, name: string): PointerStore {
  return {
    read: async () => {
      const text = await textOf(ssm, name);
      return text === NONE ? undefined : (JSON.parse(text) as CanaryPointer);
    },
    write: async (pointer) => {
      const value = pointer ? JSON.stringify(pointer) : NONE;
      await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }));
    },
  };
}

async function textOf(ssm: SSMClient, name: string): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return Parameter?.Value?.trim() || NONE;
  } catch (error) {
    if (error instanceof ParameterNotFound) return NONE;
    throw error;
  }
}
