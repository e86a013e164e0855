import { type OrderPorts, Refusal } from '../../delivery/order/ports';
import { Ledger } from '../gate/ledger';
import type { LedgerStore } from '../gate/ports';

/** The gate has left the page in the ledger when the release ended; this holds it to that, and says where it is. */
export function reportInLedger(store: LedgerStore): OrderPorts['report'] {
  return {
    write: async (release) => {
      const key = `releases/${release}/report.html`;
      if ((await store.get(key)) === undefined) throw new Refusal(`${key}: expected the gate's report, got nothing`);
      const verdict = await new Ledger(store).verdict(release);
      return `${key}: ${verdict?.because ?? 'promoted without a verdict, as the first release is'}`;
    },
  };
}

/** Names of the migrations that a release ships, as its build wrote them down. */
export async function migrationsOf(store: LedgerStore, release: string): Promise<readonly string[]> {
  const key = `releases/${release}/migrations.json`;
  const text = await store.get(key);
  if (text === undefined)
    throw new Refusal(`${key}: expected the names of its migrations, got nothing; build it again`);
  return JSON.parse(text) as readonly string[];
}
