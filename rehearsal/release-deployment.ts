import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../lambda/gate/ledger';
import { hasEnded, type ServiceDeployment } from '../lambda/gate/ports';
import type { Release, SchemaLevel } from '../lib/model/release';
import type { Cluster } from './cluster';
import type { ClusterPlan } from './cluster-plan';
import { arnOf, type Revision } from './controller/revision';
import { createFile } from './ports/atomic-file';
import { releaseRecord } from './release-record';

export interface Deployer {
  readonly cluster: Cluster;
  readonly plan: ClusterPlan;
  readonly ledger: Ledger;
  /** Path of a program's bundle by its name. */
  program(name: string): string;
}

const WORKERS = 1;
const LOOK_MS = 50;

/** The first deployment ever: there is nothing to compare it with. @throws Error with what ECS said of a service that failed */
export async function deployFirst(deployer: Deployer, id: string, schema: SchemaLevel): Promise<void> {
  const { cluster } = deployer;
  const release = await record(deployer, id, schema);
  await cluster.functions.renew(undefined);
  await cluster.controller.workers.roll(revisionOf(release, 'worker'), WORKERS);
  checkAll(await cluster.controller.deploy((service) => revisionOf(release, service)));
}

function checkAll(deployments: readonly ServiceDeployment[]): void {
  const failed = deployments.filter(({ status }) => status !== 'SUCCESSFUL');
  if (failed.length > 0) throw new Error(failed.map(({ service, rollback }) => `${service}: ${rollback}`).join('\n'));
}

/** The canary workers stand ready with no task, then every service behind the balancer is deployed at once. */
export async function beginRelease({ cluster }: Deployer, release: Release): Promise<void> {
  const { canaryWorkers } = cluster.controller;
  if (canaryWorkers.describe().release !== release.id)
    await canaryWorkers.roll(revisionOf(release, 'worker', 'worker-canary'), 0);
  cluster.controller.begin(release.id, (service) => revisionOf(release, service));
}

/**
 * A release that ran before, at once and for everybody, as soon as nothing is being rolled back any more.
 *
 * @throws Error with what ECS said of a service that failed
 */
export async function putBack({ cluster: { controller } }: Deployer, release: Release): Promise<void> {
  while (!controller.latest().every(hasEnded)) await delay(LOOK_MS);
  checkAll(await controller.putBack((service) => revisionOf(release, service)));
}

/** After a promotion the workers follow. @throws Error when the new ones keep failing; the old ones then go on */
export async function deployWorkers({ cluster, ledger }: Deployer, id: string): Promise<void> {
  if (cluster.controller.workers.describe().release === id) return;
  await cluster.controller.workers.roll(revisionOf((await ledger.release(id))!, 'worker'), WORKERS);
}

/** What the build writes into the ledger. */
export async function record({ cluster, plan, program }: Deployer, id: string, schema: SchemaLevel): Promise<Release> {
  const release = releaseRecord({ id, model: plan.model, schema, program });
  await createFile(join(cluster.places.ledger, 'releases', id, 'release.json'), JSON.stringify(release));
  return release;
}

function revisionOf({ id, digests }: Release, image: string, service = image): Revision {
  return { arn: arnOf('service-revision', service, id), service, release: id, digests: [digests[image]!] };
}
