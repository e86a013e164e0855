import type { FastifyServerOptions } from 'fastify';

/** Something that runs until it is told to stop. */
export interface Running {
  /** Stop taking work, finish what was begun. */
  stop(): Promise<void>;
}

/** Structured logs on standard output; whatever could hold a secret is left out. */
export function logOptions(level: string, service: string, release: string): FastifyServerOptions['logger'] {
  return {
    level,
    base: { service, release },
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    messageKey: 'message',
    redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-signature"]', 'password', 'token'],
  };
}

/**
 * Run a program until SIGTERM or SIGINT, then stop it.
 *
 * Exits 0 once it has stopped, 1 if it cannot start or does not stop in time.
 */
export async function runProgram(start: () => Promise<Running>, stopTimeoutMs: () => number): Promise<void> {
  try {
    const running = await start();
    const stop = () => void stopAndExit(running, stopTimeoutMs());
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

async function stopAndExit(running: Running, timeoutMs: number): Promise<void> {
  const late = setTimeout(() => {
    console.error(`stop: expected the end of all work within ${timeoutMs} ms; what is left is cut off`);
    process.exit(1);
  }, timeoutMs);
  late.unref();
  await running.stop();
  process.exit(0);
}
