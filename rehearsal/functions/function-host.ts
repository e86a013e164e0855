import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../processes/child';
import { announced } from './sandbox';

const READY_WITHIN_MS = 30_000;
/** How often an invocation is given to a new sandbox when the one that had it died. */
const TRIES = 3;
const PAUSE_MS = 100;

interface Sandbox {
  readonly child: Child;
  readonly url: string;
}

/**
 * Stands in for Lambda: it keeps one sandbox of a function alive and gives it invocations.
 *
 * A sandbox that dies is replaced and the invocation is given to the new one, as Lambda does with what fails on its own side; an
 * error that the function throws is the caller's.
 */
export class FunctionHost {
  private sandbox: Promise<Sandbox> | undefined;
  private current: Child | undefined;
  private stopped = false;

  /** @param timeoutMs after which an invocation has failed, and its sandbox is ended */
  constructor(
    private readonly startProcess: () => Promise<Child>,
    private readonly timeoutMs: number,
  ) {}

  /** @throws Error when the function throws or takes too long, or three of its sandboxes died one after another */
  async invoke(payload: unknown): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.give(payload);
      } catch (cause) {
        if (cause instanceof FunctionError || attempt === TRIES || this.stopped) throw cause;
        await delay(PAUSE_MS);
      }
    }
  }

  /** Start a sandbox, so that the first invocation need not wait for it. */
  async warm(): Promise<void> {
    await this.running();
  }

  /** Process id of the sandbox, for faults that kill it. */
  async pid(): Promise<number> {
    return (await this.running()).child.pid;
  }

  /** End the sandbox; the next invocation gets a new one. */
  async renew(): Promise<void> {
    const sandbox = this.sandbox;
    this.sandbox = undefined;
    this.current = undefined;
    await (await sandbox?.catch(() => undefined))?.child.stop();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.renew();
  }

  private async give(payload: unknown): Promise<unknown> {
    const { url, child } = await this.running();
    const signal = AbortSignal.timeout(this.timeoutMs);
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(payload), signal }).catch((cause) => {
      if (!signal.aborted) throw cause;
      child.kill();
      throw new FunctionError(`timed out after ${this.timeoutMs / 1_000} s`);
    });
    if (!answer.ok) throw new FunctionError(await answer.text());
    return answer.json();
  }

  private running(): Promise<Sandbox> {
    this.sandbox ??= this.start();
    return this.sandbox;
  }

  private async start(): Promise<Sandbox> {
    try {
      const child = await this.startProcess();
      const sandbox = { child, url: await child.firstLine(announced, READY_WITHIN_MS) };
      void child.ended.then(() => {
        if (this.current === child) this.sandbox = undefined;
      });
      this.current = child;
      return sandbox;
    } catch (cause) {
      this.sandbox = undefined;
      throw cause;
    }
  }
}

/** What the function itself threw. */
export class FunctionError extends Error {}
