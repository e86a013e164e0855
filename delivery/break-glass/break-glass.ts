import { Ledger } from '../../lambda/gate/ledger';
import type { DeploymentPort, LedgerStore, NoticePort, PointerStore } from '../../lambda/gate/ports';
import type { Release } from '../../lib/model/release';
import { contractSince } from '../migrations/levels';
import type { OrderPorts } from '../order/ports';
import type { Word } from '../people/orders';
import { releasesIn } from '../people/standing';
import { type BrokenGlass, endGlass, takeGlass } from './open-glass';

export interface BreakGlassPorts {
  readonly ledger: LedgerStore;
  readonly notices: NoticePort;
  readonly pointer: Pick<PointerStore, 'write'>;
  readonly deployments: Pick<DeploymentPort, 'latest' | 'stop' | 'scaleCanaryWorkers'>;
  readonly services: Pick<OrderPorts['services'], 'putBack'> & {
    /** Let the gate hold every service's next deployment again. */
    restore(): Promise<void>;
  };
  readonly workers: OrderPorts['workers'];
  readonly sites: OrderPorts['sites'];
}

/**
 * Put every service, worker and site on a release that ran before: at once, without a canary and without asking the gate.
 *
 * May be repeated with the same release after it was cut short at any point. A release under way ends here, as undone.
 *
 * @throws Error in one line if there is no way back to that release, or somebody else is going to another one
 */
export async function breakGlass(ports: BreakGlassPorts, wanted: Word & { readonly to: string }): Promise<BrokenGlass> {
  const ledger = new Ledger(ports.ledger);
  await checkWay(ledger, ports.ledger, wanted.to);
  const taken = await takeGlass(ports.ledger, { ...wanted, from: await ledger.stable() });
  const { glass } = taken;
  await endLive(ports, ledger, glass);
  await ports.services.putBack(glass.to);
  await ports.workers.deploy(glass.to);
  await ports.sites.point(glass.to);
  await ledger.writeStable(glass.to);
  await ports.services.restore();
  await ports.notices.notify(`back to ${glass.to}`, `break-glass by ${glass.by}: ${glass.reason}`);
  await endGlass(ports.ledger, taken, wanted.at);
  return glass;
}

async function checkWay(ledger: Ledger, store: LedgerStore, to: string): Promise<void> {
  const target = await ledger.release(to);
  if (!target) {
    const known = await releasesIn(store);
    const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'a release in the ledger';
    throw new Error(`--to: expected ${expected}, got ${to}; see history`);
  }
  const contract = contractSince(target, await recordsIn(ledger, store));
  if (contract)
    throw new Error(
      `--to: expected a release that lives without what ${contract.schema.version} took away, got ${to} at ${target.schema.version}; ` +
        `go back to ${contract.id} or a later one`,
    );
}

async function recordsIn(ledger: Ledger, store: LedgerStore): Promise<readonly Release[]> {
  const records = await Promise.all((await releasesIn(store)).map((id) => ledger.release(id)));
  return records.filter((record) => record !== undefined);
}

/** The gate is told, but not waited for: it may be what is broken. */
async function endLive(ports: BreakGlassPorts, ledger: Ledger, { by, reason, at, to }: BrokenGlass): Promise<void> {
  const live = await ledger.live();
  if (live === undefined) return;
  const isAborted = (await ledger.orders(live)).some(({ kind }) => kind === 'abort');
  if (!isAborted) await ledger.order(live, { kind: 'abort', by, reason, at });
  for (const { arn, release } of await ports.deployments.latest())
    if (release === live) await ports.deployments.stop(arn);
  await ports.deployments.scaleCanaryWorkers(0);
  await ports.pointer.write(undefined);
  await ledger.writeEnding(live, { outcome: 'undone', because: `break-glass to ${to} by ${by}: ${reason}`, at });
}
