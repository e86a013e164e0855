import type { Gate } from './gate';
import type { HookAnswer, HookEvent } from './hook';
import type { Brief, TickResult } from './tick';

/** What the gate is invoked with: by ECS with a hook's event, by the prober with a call. */
export type GateCall = HookEvent | { readonly call: 'tick' | 'brief' };

export type GateResult = HookAnswer | TickResult | Brief;

/**
 * Give an invocation to the gate.
 *
 * @throws Error for anything else than the calls it knows; ECS takes an error for a failure and rolls back
 */
export async function invokeGate(gate: Gate, event: GateCall): Promise<GateResult> {
  if ('lifecycleStage' in event) return gate.onHook(event);
  if (event.call === 'tick') return gate.tick();
  if (event.call === 'brief') return gate.brief();
  throw new Error(`event: expected a hook's event or { call: "tick" | "brief" }, got ${JSON.stringify(event)}`);
}
