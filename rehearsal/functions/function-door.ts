import { bodyOf, LoopbackServer } from '../loopback-server';
import type { FunctionHost } from './function-host';

/** A URL at which other processes invoke a function, whichever sandbox runs it at the time. */
export class FunctionDoor extends LoopbackServer {
  constructor(host: FunctionHost) {
    super(async (request, response) => {
      response.end(JSON.stringify(await host.invoke(JSON.parse(await bodyOf(request)))));
    }, FUNCTION_FAILED);
  }
}

const FUNCTION_FAILED = 500;

/** @throws Error with what the function threw */
export async function invokeAt<T>(url: string, payload: unknown): Promise<T> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(payload) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}
