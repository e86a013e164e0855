import { readFile } from 'node:fs/promises';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** Who is canary right now. */
export interface Pointer {
  readonly id: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

type ReadPointer = () => Promise<string>;

/**
 * Follows the canary pointer.
 *
 * Until it was read once nobody knows whether this release is the canary, so the service is not ready; afterwards the last word
 * stands until it expires, however long the pointer cannot be read.
 */
export class PointerReader {
  private pointer: Pointer | undefined;
  private timer: NodeJS.Timeout | undefined;
  private wasRead = false;

  /**
   * @param source `file:<path>` or `ssm:<parameter name>`
   * @param onFailure told when the pointer cannot be read
   */
  constructor(
    source: string,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.readText = readerOf(source);
  }

  private readonly readText: ReadPointer;

  get isKnown(): boolean {
    return this.wasRead;
  }

  /** Whether this release is the canary now. */
  names(release: string, now = Date.now()): boolean {
    return this.pointer?.id === release && Date.parse(this.pointer.expiresAt) > now;
  }

  /** Read now and then every so often, until stopped. */
  async follow(everyMs: number): Promise<void> {
    await this.readOnce();
    this.timer = setInterval(() => void this.readOnce(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async readOnce(): Promise<void> {
    try {
      this.pointer = parsePointer(await this.readText());
      this.wasRead = true;
    } catch (error) {
      this.onFailure(error);
    }
  }
}

/** @throws Error if the text is neither `none` nor a pointer */
export function parsePointer(text: string): Pointer | undefined {
  if (text.trim() === 'none') return undefined;
  const { id, expiresAt } = JSON.parse(text);
  if (typeof id === 'string' && !Number.isNaN(Date.parse(expiresAt))) return { id, expiresAt };
  throw new Error('canary pointer: expected "none" or { id, startedAt, expiresAt }, got something else');
}

function readerOf(source: string): ReadPointer {
  const [scheme, name] = [source.slice(0, source.indexOf(':')), source.slice(source.indexOf(':') + 1)];
  if (scheme === 'file') return () => readFile(name, 'utf8');
  if (scheme === 'ssm') return parameterReader(name);
  throw new Error(
    'environment variable CANARY_POINTER: expected file:<path> or ssm:<name>; set it in the task definition',
  );
}

function parameterReader(name: string): ReadPointer {
  const ssm = new SSMClient({});
  return async () => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return Parameter?.Value ?? '';
  };
}
