import { createServer } from 'node:net';

/** A port of the loopback interface that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const ATTEMPTS = 3;

/**
 * Start a server on a free port. Somebody may take the port before the server does, so a few are tried.
 *
 * @param start rejects with what the server wrote
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (cause) {
      if (attempt === ATTEMPTS || !/Address already in use/.test((cause as Error).message)) throw cause;
    }
  }
}
