import type { ProberConfig } from '../../lib/model/gate-config';
import { type ProbedMinute, type ProberPorts, probeMinute } from './prober';
import { type SmokeOf, smokeTest } from './smoke';

/** What the prober is invoked with: by its schedule each minute, by the gate for a smoke test. */
export type ProberCall = { readonly call: 'minute' } | ({ readonly call: 'smoke' } & SmokeOf);

export type ProberResult = ProbedMinute | Awaited<ReturnType<typeof smokeTest>>;

/** @throws Error for anything else than the calls it knows, and what a port throws */
export async function invokeProber(config: ProberConfig, ports: ProberPorts, event: ProberCall): Promise<ProberResult> {
  if (event.call === 'minute') return probeMinute(config, ports);
  if (event.call === 'smoke') return smokeTest(config, event);
  throw new Error(
    `event: expected { call: "minute" } or { call: "smoke", service, lane }, got ${JSON.stringify(event)}`,
  );
}
