import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { MaskedColumns } from '../../lib/model/delivery';
import { markCopy, maskCopy } from '../masking/mask';
import { handOut } from './hand-out';
import type { Outgoing } from './handover';

export interface MaskedCopyOptions {
  /** Run that restored it. */
  readonly copy: string;
  readonly columns: MaskedColumns;
  readonly parcels: Outgoing;
  /** @default - made up, and forgotten: then nobody can tell a mask's original, and each run has masks of its own */
  readonly key?: Buffer;
}

const KEY_BYTES = 32;

export interface HandedOut {
  /** Key of the hand-over. */
  readonly key: string;
  readonly columns: number;
  readonly rows: number;
}

/** Mask what was just restored for this run, and hand its rows out. Nothing is handed out of a copy in which something could not be shown. */
export async function maskAndHandOut(client: ClientBase, options: MaskedCopyOptions): Promise<HandedOut> {
  const { copy, columns, parcels, key = randomBytes(KEY_BYTES) } = options;
  await markCopy(client, copy);
  const report = await maskCopy(client, { copy, columns, key });
  const rows = Object.values(report.rows).reduce((sum, count) => sum + count, 0);
  return { key: await handOut(client, { copy, report, parcels }), columns: report.columns.length, rows };
}
