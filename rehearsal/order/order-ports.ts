import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type OrderPorts, Refusal } from '../../delivery/order/ports';
import { hasEnded } from '../../lambda/gate/ports';
import { migrate } from '../../reference/migrate/migrate';
import { replaceFile } from '../ports/atomic-file';
import { ledgerFolder } from '../ports/ledger-folder';
import { noticesFile } from '../ports/notices-file';
import { beginRelease, type Deployer, deployWorkers, putBack } from '../release-deployment';
import { backUp } from './backup';
import type { ShippedMigrations } from './shipped-migrations';

export interface OrderPlace extends Deployer {
  /** Not through the line that can be made bad: the pipeline has one of its own. */
  readonly databaseUrl: string;
  readonly migrations: ShippedMigrations;
}

const LOOK_MS = 50;
/** Minutes that the gate is given to end a release once its last deployment is over. */
const ENDS_WITHIN_MIN = 8;

/** What the pipeline asks of AWS, on this machine. */
export function orderPorts(place: OrderPlace, id: string): OrderPorts {
  const { cluster, ledger } = place;
  const { places, controller, alarms } = cluster;
  return {
    ledger: ledgerFolder(places.ledger),
    notices: noticesFile(places.notices, Date.now),
    alarms: { firing: async () => alarms.firing() },
    database: databasePort(place),
    services: {
      latest: async () => controller.latest(),
      begin: async (release) => beginRelease(place, (await ledger.release(release))!),
      putBack: async (release) => putBack(place, (await ledger.release(release))!),
    },
    workers: { deploy: (release) => deployWorkers(place, release) },
    sites: { point: (release) => replaceFile(`${places.ledger}/system/site`, release) },
    smoke: { ask: () => askEntrance(places.productionUrl) },
    report: { write: async (release) => `report: releases/${release}/report.html` },
    now: Date.now,
    pause: pauseUntilOver(place, id),
  };
}

function databasePort({ databaseUrl, migrations }: OrderPlace): OrderPorts['database'] {
  return {
    backUp: (release) => connected(databaseUrl, (client) => backUp(client, release)),
    migrations: async () => {
      const findings = await migrations.findings();
      if (findings.length > 0) throw new Refusal(findings.join('; '));
      return migrations.names;
    },
    migrate: async () => void (await connected(databaseUrl, (client) => migrate(client, migrations.folder))),
  };
}

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function askEntrance(url: string): ReturnType<OrderPorts['smoke']['ask']> {
  const answer = await fetch(`${url}/health`);
  const release = answer.headers.get('x-release') ?? undefined;
  return { release, healthy: answer.ok, detail: `${answer.status} ${await answer.text()}` };
}

/** Waiting for a gate that is not coming any more ends: its prober is dead, and ECS has long done what it does. */
function pauseUntilOver({ cluster, plan }: OrderPlace, id: string): () => Promise<void> {
  let over: number | undefined;
  return async () => {
    const ours = cluster.controller.latest().filter(({ release }) => release === id);
    const isOver = ours.length > 0 && ours.every(hasEnded);
    over = isOver ? (over ?? Date.now()) : undefined;
    if (over !== undefined && Date.now() - over > ENDS_WITHIN_MIN * plan.gate.minuteMs) throw new Unended();
    await delay(LOOK_MS);
  };
}

/** The gate has not ended a release whose deployments are over. */
export class Unended extends Error {}
