import type { SharedLog } from '../store/log';

/**
 * What can be switched without a deploy, each with the value that is safest when nobody can be asked.
 *
 * `HEURISTICS_ONLY` is a kill switch: nobody asks the AI, and what can be answered without it is.
 */
export const SAFEST = { HEURISTICS_ONLY: true, FEATURE_VENDOR_FALLBACK: false, FEATURE_BINANCE: false } as const;

export type FlagName = keyof typeof SAFEST;
export type FlagValues = Readonly<Record<FlagName, boolean>>;

/** How often flags are read: the agent beside the service has them at hand. */
const EVERY_MS = 15_000;
const PATIENCE_MS = 2_000;

/**
 * Follows the flags at a URL, as the AppConfig agent answers them: `{ "heuristics_only": { "enabled": false } }`.
 *
 * While they cannot be read every flag is at its safest, also those that were read before: a switch that somebody pulls must work
 * when the rest does not.
 */
export class Flags {
  private values: FlagValues = SAFEST;
  private timer: NodeJS.Timeout | undefined;

  /** @param source URL of the agent */
  constructor(
    private readonly source: string,
    private readonly log: SharedLog,
  ) {}

  get all(): FlagValues {
    return this.values;
  }

  /** Read now and then every so often, until stopped. Never throws. */
  async follow(everyMs = EVERY_MS): Promise<void> {
    await this.read();
    this.timer = setInterval(() => void this.read(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async read(): Promise<void> {
    try {
      const answer = await fetch(this.source, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) throw new Error(`flags: expected status 200, got ${answer.status}`);
      this.values = parseFlags(await answer.json());
    } catch (error) {
      this.values = SAFEST;
      this.log.warn({ error: String(error) }, 'cannot read the flags: they are at their safest');
    }
  }
}

/** What is not told, or told in another way, is at its safest. AppConfig's keys are lower case. */
export function parseFlags(told: unknown): FlagValues {
  const flags = (told ?? {}) as Readonly<Record<string, { enabled?: unknown } | undefined>>;
  const values = Object.entries(SAFEST).map(([name, safest]) => {
    const enabled = flags[name.toLowerCase()]?.enabled;
    return [name, typeof enabled === 'boolean' ? enabled : safest];
  });
  return Object.fromEntries(values);
}
