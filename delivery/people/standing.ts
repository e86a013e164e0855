import { judge } from '../../lambda/gate/judge';
import type { Ending, FinalVerdict, Freeze, Ledger, Recall } from '../../lambda/gate/ledger';
import { readRecording } from '../../lambda/gate/minutes-file';
import type { DeploymentPort, LedgerStore, ServiceDeployment } from '../../lambda/gate/ports';
import { reasonOf } from '../../lambda/gate/reason';
import type { Plan, Verdict } from '../../lib/model/gate-plan';
import type { Order } from '../../lib/model/release';
import { type OrderEnd, OrderRecord, type StageRecord } from '../order/record';

/** How things stand with the releases of a system. */
export interface Standing {
  /** Release that serves everybody. */
  readonly stable: string | undefined;
  /** Release under way. */
  readonly live: string | undefined;
  readonly freeze: Freeze | undefined;
  /** The one under way, else the last there was. */
  readonly release: ReleaseStanding | undefined;
  /** The latest deployment of each service; undefined where nobody could be asked. */
  readonly deployments: readonly ServiceDeployment[] | undefined;
}

export interface ReleaseStanding {
  readonly id: string;
  readonly openedAt: string | undefined;
  readonly startedAt: string | undefined;
  readonly plan: Plan | undefined;
  /** Minutes judged so far. */
  readonly minutes: number;
  /** What the judge says of them. */
  readonly judged: Verdict | undefined;
  /** The same in words. */
  readonly because: string | undefined;
  readonly verdict: FinalVerdict | undefined;
  readonly recall: Recall | undefined;
  readonly ending: Ending | undefined;
  readonly orders: readonly Order[];
  readonly stages: readonly StageRecord[];
  readonly order: OrderEnd | undefined;
}

export interface Sources {
  readonly ledger: Ledger;
  readonly store: LedgerStore;
  readonly deployments?: Pick<DeploymentPort, 'latest'>;
}

/** @param id the release in question @default - the one under way, else the last there was */
export async function standingOf({ ledger, store, deployments }: Sources, id?: string): Promise<Standing> {
  const [stable, live, freeze] = [await ledger.stable(), await ledger.live(), await ledger.freeze()];
  const release = id ?? live ?? (await releasesIn(store)).at(-1) ?? stable;
  return {
    ...{ stable, live, freeze },
    release: release === undefined ? undefined : await releaseStanding(ledger, store, release),
    // A cluster that does not answer must not hide what the ledger knows.
    deployments: await deployments?.latest().catch(() => undefined),
  };
}

/** Every release that ever served or was opened, the oldest first: the very first never took a turn. */
export async function releasesIn(store: LedgerStore): Promise<readonly string[]> {
  const read = async <T>(key: string) => JSON.parse((await store.get(key)) ?? 'null') as T | null;
  const turns = await Promise.all((await store.list('system/turns/')).map((key) => read<{ id: string }>(key)));
  const opened = turns.flatMap((turn) => turn?.id ?? []);
  const first = opened[0] === undefined ? undefined : read<Plan>(`releases/${opened[0]}/plan.json`);
  const replaced = (await first)?.stable ?? (await read<{ id: string }>('system/stable.json'))?.id;
  return [...new Set([...(replaced === undefined ? [] : [replaced]), ...opened])];
}

export async function releaseStanding(ledger: Ledger, store: LedgerStore, id: string): Promise<ReleaseStanding> {
  const [plan, recording] = [await ledger.plan(id), await ledger.minutes(id)];
  const minutes = recording === undefined ? [] : readRecording(`releases/${id}/minutes.ndjson`, recording).minutes;
  const judged = plan && minutes.length > 0 ? judge(plan, minutes) : undefined;
  const record = new OrderRecord(store, id);
  return {
    ...{ id, plan, minutes: minutes.length, judged },
    because: plan && judged && reasonOf(plan, judged),
    openedAt: (await ledger.opened(id))?.at,
    startedAt: (await ledger.started(id))?.at,
    verdict: await ledger.verdict(id),
    recall: await ledger.recall(id),
    ending: await ledger.ending(id),
    orders: await ledger.orders(id),
    stages: await record.stages(),
    order: await record.end(),
  };
}
