import { createGate } from '../../lambda/gate/gate';
import type { HookEvent } from '../../lambda/gate/hook';
import { GATE_VARIABLES, type GateConfig } from '../../lib/model/gate-config';
import { faultNamed } from '../faults/faults';
import { serveInvocations } from '../functions/sandbox';
import { readPlaces } from '../places';
import { gatePorts } from '../ports/gate-ports';
import { SERVICE_VARIABLES } from '../services/fault-context';

/** What the gate is invoked with: by ECS with a hook's event, by the prober with a call. */
type Payload = HookEvent | { readonly call: 'tick' | 'brief' };

const config = JSON.parse(process.env[GATE_VARIABLES.config]!) as GateConfig;
const ports = gatePorts(readPlaces(), config);
const fault = process.env[SERVICE_VARIABLES.fault];
const gate = createGate(config, (fault && faultNamed(fault).gatePorts?.(ports)) || ports);

serveInvocations((payload) => {
  const asked = payload as Payload;
  if (!('call' in asked)) return gate.onHook(asked);
  return asked.call === 'tick' ? gate.tick() : gate.brief();
});
