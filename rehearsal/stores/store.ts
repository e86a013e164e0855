/** A real server that the rehearsed services keep their state in. */
export interface Store {
  readonly url: string;
  /** For people: what it is and where it came from. */
  readonly description: string;
  /** Resolves with the reason when the store goes away before it was stopped. */
  readonly lost: Promise<Error>;
  stop(): Promise<void>;
}
