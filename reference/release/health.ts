import type { FastifyInstance } from 'fastify';

/** A component's state, asked when somebody looks. */
export type Look = () => Promise<'up' | 'degraded'>;

export interface Health {
  /** Set when the service is about to stop: it answers what it has, and takes nothing new. */
  draining: boolean;
  /** Whether it may take traffic for reasons other than its components. */
  readonly isReady: () => boolean;
  readonly components: Readonly<Record<string, Look>>;
  readonly release: string;
}

/** How long a component may take to say that it is up. */
const PATIENCE_MS = 2_000;

/** `/healthz` touches nothing, `/readyz` says whether to send traffic, `/health` says what is wrong. */
export function reportHealth(app: FastifyInstance, health: Health): void {
  app.get('/healthz', async () => ({ status: 'up' }));
  app.get('/readyz', async (_, reply) => {
    const states = await look(health);
    const ready = !health.draining && health.isReady() && !Object.values(states).includes('down');
    return reply.code(ready ? 200 : 503).send({ ready, draining: health.draining, components: states });
  });
  app.get('/health', async (_, reply) => {
    const components = await look(health);
    const status = worst(Object.values(components));
    return reply.code(status === 'down' ? 503 : 200).send({ status, release: health.release, components });
  });
}

type State = 'up' | 'degraded' | 'down';

async function look({ components }: Health): Promise<Record<string, State>> {
  const states = Object.entries(components).map(async ([name, ask]) => [name, await stateOf(ask)]);
  return Object.fromEntries(await Promise.all(states));
}

async function stateOf(ask: Look): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<State>((resolve) => {
    timer = setTimeout(() => resolve('down'), PATIENCE_MS);
  });
  const state = await Promise.race([ask().catch((): State => 'down'), late]);
  clearTimeout(timer);
  return state;
}

function worst(states: readonly State[]): State {
  if (states.includes('down')) return 'down';
  return states.includes('degraded') ? 'degraded' : 'up';
}
