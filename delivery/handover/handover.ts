import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ClientBase } from 'pg';
import type { MaskKind } from '../../lib/model/delivery';

/** Where masked rows are laid down by whoever has the copy. */
export interface Outgoing {
  put(key: string, body: Buffer): Promise<void>;
}

/** The same place, for whoever has the database they go to. */
export interface Incoming {
  /** @throws Error if there is nothing */
  get(key: string): Promise<Buffer>;
}

/** Some rows of one table: gzipped JSON, `[["1","Ana"],["2",null]]`, each value as PostgreSQL writes it as text. */
export interface Part {
  readonly key: string;
  readonly rows: number;
  /** Of what lies under the key, in hexadecimal. */
  readonly sha256: string;
}

export interface HandedTable {
  /** As a declaration of masks writes it. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly parts: readonly Part[];
}

/** What was handed over. Written last, so that a hand-over which was cut short does not exist. */
export interface Handover {
  readonly version: 1;
  /** Run that made the copy. */
  readonly copy: string;
  readonly masked: readonly { readonly table: string; readonly column: string; readonly kind: MaskKind }[];
  readonly tables: readonly HandedTable[];
}

/** Last part of the key of a {@link Handover}. */
export const MANIFEST = 'manifest.json';

/** So that values are written and read alike, whatever either database is set to. */
export async function speakPlainly(client: ClientBase): Promise<void> {
  await client.query(
    `set local datestyle to 'ISO, YMD'; set local timezone to 'UTC'; set local intervalstyle to 'postgres'; set local bytea_output to 'hex';
     set local extra_float_digits to 1; set local row_security to off`,
  );
}

/** Rows, each a JSON array, as the body of a part. */
export function pack(rows: readonly string[]): Buffer {
  return gzipSync(`[${rows.join(',\n')}]`);
}

/** @throws Error if it is not what was handed over */
export function unpack({ key, sha256 }: Part, body: Buffer): string {
  const got = hashOf(body);
  if (got === sha256) return gunzipSync(body).toString('utf8');
  throw new Error(`${key}: expected what was handed over, with hash ${sha256}, got ${got}; hand it over again`);
}

export function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
