import type { OrderContext } from './actions';

/**
 * Put everything a release reached back on the release it was to replace. May be repeated at any point.
 *
 * While the gate has the release in hand, only the gate acts on its services: it is given an abort, and waited for.
 */
export async function takeBack(context: OrderContext, because: string): Promise<void> {
  const { ledger, ports, release } = context;
  await endCanary(context, because);
  // Written when the release opened; before that nothing was reached.
  const stable = (await ledger.plan(release.id))?.stable;
  if (stable === undefined || (await isOvertaken(context, stable))) return;
  if ((await ledger.ending(release.id))?.outcome === 'promoted') {
    await ports.services.putBack(stable);
    await ledger.writeStable(stable);
  }
  await ports.workers.deploy(stable);
  await ports.sites.point(stable);
}

/** A later release serves everybody by now; going back to before this one would take that one away. */
async function isOvertaken({ ledger, release }: OrderContext, stable: string): Promise<boolean> {
  const serving = await ledger.stable();
  return serving !== stable && serving !== release.id;
}

async function endCanary({ ledger, ports, release: { id } }: OrderContext, because: string): Promise<void> {
  while ((await ledger.live()) === id) {
    const isAborted = (await ledger.orders(id)).some(({ kind }) => kind === 'abort');
    if (!isAborted) {
      const at = new Date(ports.now()).toISOString();
      await ledger.order(id, { kind: 'abort', by: 'the release order', reason: because, at });
    }
    await ports.pause();
  }
}
