import type { ProbeConfig } from '../../lib/model/system';
import { type Reply, send } from './entrance';
import type { Sample } from './sample';
import { sessionHeaders } from './session';
import { timeoutMs, type Visit } from './visit';

type HttpProbe = Extract<ProbeConfig, { readonly kind: 'http' }>;
type HealthProbe = Extract<ProbeConfig, { readonly kind: 'health' }>;

/** GET a path in the session; slower than the bound, or anything but 2xx, is a breach. */
export async function sampleHttp(probe: HttpProbe, visit: Visit): Promise<Sample> {
  const reply = await get(probe, visit);
  return judged(probe, visit, reply, unlessOk(reply));
}

/** Read a health report; a needed component that is not up is a breach. A component that is only degraded is up. */
export async function sampleHealth(probe: HealthProbe, visit: Visit): Promise<Sample> {
  const reply = await get(probe, visit);
  const components = (reply.body as { components?: Record<string, unknown> } | undefined)?.components ?? {};
  const down = probe.components.filter((name) => components[name] !== 'up' && components[name] !== 'degraded');
  const why = down.length > 0 ? `down: ${down.join(', ')}` : undefined;
  return judged(probe, visit, reply, why ?? unlessOk(reply));
}

function get({ path, boundMs }: HttpProbe | HealthProbe, { entrance, session }: Visit): Promise<Reply> {
  return send(entrance, { path, headers: sessionHeaders(session), timeoutMs: timeoutMs(boundMs) });
}

function unlessOk({ status, why }: Reply): string | undefined {
  if (status === 0) return why;
  return status >= 200 && status < 300 ? undefined : `status ${status}`;
}

function judged(probe: HttpProbe | HealthProbe, { entrance }: Visit, reply: Reply, wrong?: string): Sample {
  const { latencyMs, attempt } = reply;
  const slow = latencyMs > probe.boundMs ? `${Math.round(latencyMs)} ms` : undefined;
  const why = wrong ?? slow;
  return {
    ...{ probe: probe.id, entrance: entrance.name, release: attempt.release, answered: attempt.answered },
    ...{ latencyMs, breach: why !== undefined, hard: false, why, attempts: [attempt] },
  };
}
