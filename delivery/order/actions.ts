import type { Ledger } from '../../lambda/gate/ledger';
import type { ServiceDeployment } from '../../lambda/gate/ports';
import type { ReleaseWindow } from '../../lib/model/delivery';
import type { Release } from '../../lib/model/release';
import { openGlass } from '../break-glass/open-glass';
import { checkLevels } from '../migrations/levels';
import { type OrderPorts, Refusal } from './ports';
import type { StageName } from './stages';
import { closedBecause } from './window';

export interface OrderContext {
  readonly release: Release;
  readonly ledger: Ledger;
  readonly ports: OrderPorts;
  readonly window: ReleaseWindow | undefined;
}

/**
 * What a stage does. It may be repeated.
 *
 * @returns what it found or did, in words
 * @throws Refusal when the release may not go on; anything else is a fault of the moment, after which the order is resumed
 */
export type Action = (context: OrderContext) => Promise<string>;

export const ACTIONS: Readonly<Record<StageName, Action>> = {
  window: async ({ ports, window }) => {
    const closed = closedBecause(window, ports.now());
    if (closed !== undefined) throw new Refusal(closed);
    return 'releases go out now';
  },
  freeze: async ({ ports, ledger, release }) => {
    const broken = (await openGlass(ports.ledger))?.glass;
    if (broken) throw new Refusal(`${broken.by} is going back to ${broken.to} without the gate: ${broken.reason}`);
    const [freeze, live] = [await ledger.freeze(), await ledger.live()];
    if (freeze?.frozen) throw new Refusal(`frozen by ${freeze.by}: ${freeze.reason}`);
    if (live !== undefined && live !== release.id) throw new Refusal(`${live} is still under way`);
    return 'nobody has frozen the system';
  },
  alarms: async ({ ports }) => {
    const firing = await ports.alarms.firing();
    if (firing.length > 0) throw new Refusal(`firing already, so ECS would ignore them: ${firing.join(', ')}`);
    return 'every deployment alarm is quiet';
  },
  schema: async ({ ports, ledger, release }) => {
    const stable = await ledger.stable();
    // An environment's first release comes from a laptop, and nobody wrote down what it is.
    const record = stable === undefined ? undefined : await ledger.release(stable);
    if (stable !== undefined && !record && release.schema.migration === 'contract')
      throw new Refusal(
        `releases/${stable}/release.json: expected the record of the running release, got nothing, as it was deployed by hand; ` +
          'release without a contract migration first',
      );
    const running = record ? [record] : [];
    const migrations = await ports.database.migrations(release.id);
    const problems = checkLevels({ release, migrations, running });
    if (problems.length > 0) throw new Refusal(problems.join('; '));
    return `${release.schema.migration === 'none' ? 'no change' : release.schema.migration}, up to ${release.schema.version}`;
  },
  backup: async ({ ports, release }) => `to be restored from ${await ports.database.backUp(release.id)}`,
  migrate: async ({ ports, release }) => {
    await ports.database.migrate(release.id);
    return `the schema is at ${release.schema.version}`;
  },
  canary,
  workers: async ({ ports, release }) => {
    await ports.workers.deploy(release.id);
    return `the workers run ${release.id}`;
  },
  sites: async ({ ports, release }) => {
    await ports.sites.point(release.id);
    return `every viewer sees the sites of ${release.id}`;
  },
  smoke: async ({ ports, release }) => {
    const { release: answered, healthy, detail } = await ports.smoke.ask();
    if (answered !== release.id) throw new Refusal(`${answered ?? 'nobody'} answered at the entrance: ${detail}`);
    if (!healthy) throw new Refusal(`it is not well: ${detail}`);
    return `${answered} answers at the entrance`;
  },
  report: ({ ports, release }) => ports.report.write(release.id),
};

/** Begin what has not begun, and wait for the gate. Whether this is the first look or one after a crash makes no difference. */
async function canary({ ports, ledger, release: { id } }: OrderContext): Promise<string> {
  for (;;) {
    const ending = await ledger.ending(id);
    if (ending?.outcome === 'promoted') return ending.because;
    if (ending) throw new Refusal(`${ending.outcome}: ${ending.because}`);
    const ours = (await ports.services.latest()).filter(({ release }) => release === id);
    if (ours.length > 0 && (await ledger.opened(id)) === undefined) throwIfOver(ours);
    await ports.services.begin(id);
    await ports.pause();
  }
}

const OVER: readonly ServiceDeployment['status'][] = ['STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

/** The gate never opened it, so it will not end it either. */
function throwIfOver(ours: readonly ServiceDeployment[]): void {
  if (!ours.every(({ status }) => OVER.includes(status))) return;
  throw new Refusal(
    ours.map(({ service, rollback }) => `${service} went back: ${rollback ?? 'no reason given'}`).join('; '),
  );
}
