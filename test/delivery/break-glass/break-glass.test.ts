import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type BreakGlassPorts, breakGlass } from '../../../delivery/break-glass/break-glass';
import { aRelease, cleanMinutes, GateWorld } from '../../support/gate-world';

const ANN = { by: 'ann', reason: 'incident 12', at: '2026-11-21T08:30:00Z' };
const BOB = { by: 'bob', reason: 'other way', at: '2026-11-21T08:30:01Z' };

let world: GateWorld;
let done: string[];

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  world = await GateWorld.withStable();
  done = [];
});

/** @param cut name of the call that fails once */
function ports(cut?: string): BreakGlassPorts {
  let isCut = cut !== undefined;
  const call =
    (name: string) =>
    async (release = '') => {
      if (isCut && name === cut) {
        isCut = false;
        throw new Error('cut short');
      }
      done.push(`${name} ${release}`.trim());
    };
  return {
    ledger: world.store,
    notices: { notify: async (subject, text) => void done.push(`tell ${subject}: ${text}`) },
    pointer: { write: async () => void (await call('clear the pointer')()) },
    deployments: {
      latest: async () => [...world.deployments.values()],
      stop: async (arn) => {
        await call('stop')(arn);
        const { service } = [...world.deployments.values()].find((one) => one.arn === arn)!;
        world.move(service, 'ROLLBACK_IN_PROGRESS', 'stopped');
      },
      scaleCanaryWorkers: async (count) => call('canary workers')(String(count)),
    },
    services: { putBack: call('services'), restore: call('restore the hooks') },
    workers: { deploy: call('workers') },
    sites: { point: call('sites') },
  };
}

async function promoteV2(): Promise<void> {
  await world.start();
  world.minutes = cleanMinutes(30);
  await world.gate().tick();
  for (const service of ['edge', 'core']) world.move(service, 'SUCCESSFUL');
  await world.gate().tick();
}

describe('breaking the glass', () => {
  test('puts everything on a release that ran before, and the ledger says who and why', async () => {
    await promoteV2();

    expect(await breakGlass(ports(), { to: 'v1', ...ANN })).toEqual({ to: 'v1', from: 'v2', ...ANN });
    expect(done).toEqual([
      ...['services v1', 'workers v1', 'sites v1', 'restore the hooks'],
      'tell back to v1: break-glass by ann: incident 12',
    ]);
    expect(await world.ledger.stable()).toBe('v1');
    expect(JSON.parse(world.store.files.get('system/break-glass/000001.json')!)).toMatchObject({ to: 'v1', by: 'ann' });
  });

  test('ends the release under way, whatever became of the gate', async () => {
    await world.start();
    await breakGlass(ports(), { to: 'v1', ...ANN });

    expect(done.slice(0, 5)).toEqual([
      ...['stop deployment/edge/v2', 'stop deployment/core/v2', 'canary workers 0', 'clear the pointer', 'services v1'],
    ]);
    expect(await world.ledger.ending('v2')).toMatchObject({
      outcome: 'undone',
      because: 'break-glass to v1 by ann: incident 12',
    });
    expect(await world.ledger.live()).toBeUndefined();
    expect(await world.gate().tick()).toMatchObject({ because: 'no release is under way' });
  });

  test.each(['services', 'workers', 'sites', 'restore the hooks'])(
    'goes on where it was cut short: %s',
    async (cut) => {
      await promoteV2();
      const faulty = ports(cut);

      await expect(breakGlass(faulty, { to: 'v1', ...ANN })).rejects.toThrow('cut short');
      await breakGlass(faulty, { to: 'v1', ...BOB });

      expect(new Set(done)).toEqual(
        new Set([
          'services v1',
          'workers v1',
          'sites v1',
          'restore the hooks',
          'tell back to v1: break-glass by ann: incident 12',
        ]),
      );
      expect(await world.store.list('system/break-glass/')).toHaveLength(1);
    },
  );

  test('of two people who go to different releases one is first, and the other is told', async () => {
    await promoteV2();
    const both = await Promise.allSettled([
      breakGlass(ports('services'), { to: 'v1', ...ANN }),
      breakGlass(ports('services'), { to: 'v3', ...BOB }),
    ]);

    const messages = both.map((one) => (one.status === 'rejected' ? (one.reason as Error).message : '')).sort();
    expect(messages[0]).toMatch(
      /^break-glass: expected nobody else on the way back, got (ann going to v1|bob going to v3) since /,
    );
    expect(messages[1]).toBe('cut short');
  });

  test('can be done again later, another way', async () => {
    await promoteV2();
    await breakGlass(ports(), { to: 'v1', ...ANN });
    await breakGlass(ports(), { to: 'v2', ...BOB });
    expect(await world.ledger.stable()).toBe('v2');
  });

  test('needs a release that the ledger knows', async () => {
    await promoteV2();
    await expect(breakGlass(ports(), { to: 'v9', ...ANN })).rejects.toThrow(
      '--to: expected one of v1, v2, got v9; see history',
    );
  });

  test('never goes back past a contract, which took away what the old release needs', async () => {
    const contract = { ...aRelease('v2'), schema: { migration: 'contract', version: '0004_contract_x' } };
    world.store.files.set('releases/v2/release.json', JSON.stringify(contract));
    await promoteV2();

    await expect(breakGlass(ports(), { to: 'v1', ...ANN })).rejects.toThrow(
      '--to: expected a release that lives without what 0004_contract_x took away, got v1 at 0003; go back to v2 or a later one',
    );
    expect(done).toEqual([]);
  });
});
