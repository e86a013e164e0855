/** The header by which a release is told apart, on requests and on answers. */
export const RELEASE_HEADER = 'x-release';

/** The environment variable in every task definition that makes a release what it is. */
export const RELEASE_ID_VARIABLE = 'RELEASE_ID';

/** A set of images that is promoted or rolled back as one. The ledger's `release.json`. */
export interface Release {
  /** E.g. `v1.4.0`. Unique in a system; also the value of `x-release`. */
  readonly id: string;
  readonly gitTag: string;
  /** Image digest of each service, `sha256:` and 64 hexadecimal digits. */
  readonly digests: Readonly<Record<string, string>>;
  readonly schema: SchemaLevel;
  /** SHA-256 of the canonical answer to each fixture probe, by probe id. */
  readonly expected: Readonly<Record<string, string>>;
  /** Set when the release is sent into an incident; recorded for the audit. */
  readonly hotfix?: { readonly by: string; readonly reason: string };
}

/** What the release does to the database's schema. */
export interface SchemaLevel {
  readonly migration: 'none' | 'expand' | 'backfill' | 'contract';
  /** Name of the newest migration the release's code was written for. */
  readonly version: string;
}

/** Who is canary right now: the parameter `/<system>/<env>/release/canary`, or `none`. */
export interface CanaryPointer {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; past it nobody sends the release header, whatever became of the gate. */
  readonly expiresAt: string;
}

/** What a person ordered about a release or the system; each is an entry in the ledger. */
export interface Order {
  readonly kind: 'hold' | 'resume' | 'abort' | 'override';
  readonly by: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}
