import { expect, test } from '@jest/globals';
import type { Gate } from '../../../lambda/gate/gate';
import { type GateCall, invokeGate } from '../../../lambda/gate/invocation';

const HOOK = { lifecycleStage: 'PRE_SCALE_UP', executionId: 'x', resourceArn: 'arn' } as GateCall;
const gate = {
  onHook: async ({ executionId }) => ({ hookStatus: 'IN_PROGRESS', callBackDelay: executionId.length }),
  tick: async () => ({ minutes: 3, because: 'ticked', ended: false }),
  brief: async () => ({ live: false }),
} satisfies Gate as Gate;

test('a hook’s event, a tick and a brief each reach their part of the gate', async () => {
  expect(await invokeGate(gate, HOOK)).toEqual({ hookStatus: 'IN_PROGRESS', callBackDelay: 1 });
  expect(await invokeGate(gate, { call: 'tick' })).toMatchObject({ because: 'ticked' });
  expect(await invokeGate(gate, { call: 'brief' })).toEqual({ live: false });
});

test.each([{}, { call: 'promote' }])('%j is an error, which ECS takes for a failure', async (event) => {
  await expect(invokeGate(gate, event as GateCall)).rejects.toThrow(
    `event: expected a hook's event or { call: "tick" | "brief" }, got ${JSON.stringify(event)}`,
  );
});
