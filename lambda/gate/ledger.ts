import type { Minute, Plan, Verdict } from '../../lib/model/gate-plan';
import type { Order, Release } from '../../lib/model/release';
import { NumberedRow } from './numbered-row';
import type { LedgerStore } from './ports';
import type { Rates } from './rates';

/** A verdict that stands. Written once; every service of the release is answered from it. */
export interface FinalVerdict {
  readonly verdict: 'promote' | 'rollback';
  /** Who decided: the judge, a person's order, or a part of the release that failed by itself. */
  readonly by: 'judge' | 'order' | 'part';
  /** In words, with the numbers it rests on. */
  readonly because: string;
  /** Minute of the release at which it was reached; 0 before the canary took traffic. */
  readonly minute: number;
  /** ISO 8601. */
  readonly at: string;
  /** What the judge saw, where it decided. */
  readonly judged?: Verdict;
  /** The minutes as they were read then. Counts that come in later change nothing that was decided. */
  readonly minutes?: readonly Minute[];
}

/** When, and by which execution of which hook. */
export interface Mark {
  /** ISO 8601. */
  readonly at: string;
  readonly executionId?: string;
  /** Images it came up with, of a service that was the first of its kind. */
  readonly digests?: readonly string[];
}

/** Why a promotion is taken back in its final bake. Written once; the verdict itself stands as it was. */
export interface Recall extends Mark {
  readonly by: 'judge' | 'order';
  readonly because: string;
  /** Minute of the release at which it was reached. */
  readonly minute: number;
  readonly judged?: Verdict;
  /** As of a verdict. */
  readonly minutes?: readonly Minute[];
}

/** How a release ended, after its last deployment did. */
export interface Ending extends Mark {
  /** `stuck`: a service could not go back, and a person must see to it. */
  readonly outcome: 'promoted' | 'rolled back' | 'undone' | 'stuck';
  readonly because: string;
}

export interface Freeze {
  readonly frozen: boolean;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

const TURNS = 'system/turns/';
const FREEZES = 'system/freezes/';

/** Everything about releases that must outlive the gate. Whoever writes first is right; nobody overwrites. */
export class Ledger {
  constructor(private readonly store: LedgerStore) {}

  release(id: string): Promise<Release | undefined> {
    return this.read(`releases/${id}/release.json`);
  }

  plan(id: string): Promise<Plan | undefined> {
    return this.read(`releases/${id}/plan.json`);
  }

  writePlan(id: string, plan: Plan): Promise<Plan> {
    return this.first(`releases/${id}/plan.json`, plan);
  }

  opened(id: string): Promise<Mark | undefined> {
    return this.read(`releases/${id}/opened.json`);
  }

  writeOpened(id: string, mark: Mark): Promise<Mark> {
    return this.first(`releases/${id}/opened.json`, mark);
  }

  /** When the canary was let in to its share, and by which execution. */
  started(id: string): Promise<Mark | undefined> {
    return this.read(`releases/${id}/started.json`);
  }

  writeStarted(id: string, mark: Mark): Promise<Mark> {
    return this.first(`releases/${id}/started.json`, mark);
  }

  async markReady(id: string, service: string, mark: Mark): Promise<void> {
    await this.first(`releases/${id}/ready/${service}.json`, mark);
  }

  /** Services of the release that stand ready, and since when. */
  async ready(id: string): Promise<Readonly<Record<string, Mark>>> {
    const prefix = `releases/${id}/ready/`;
    const keys = await this.store.list(prefix);
    const marks = keys.map(async (key) => [
      key.slice(prefix.length).replace(/\.json$/, ''),
      await this.read<Mark>(key),
    ]);
    return Object.fromEntries(await Promise.all(marks));
  }

  verdict(id: string): Promise<FinalVerdict | undefined> {
    return this.read(`releases/${id}/verdict.json`);
  }

  /** @returns the verdict that stands, which is not this one if another was written first */
  settle(id: string, verdict: FinalVerdict): Promise<FinalVerdict> {
    return this.first(`releases/${id}/verdict.json`, verdict);
  }

  recall(id: string): Promise<Recall | undefined> {
    return this.read(`releases/${id}/recall.json`);
  }

  /** @returns the recall that stands */
  writeRecall(id: string, recall: Recall): Promise<Recall> {
    return this.first(`releases/${id}/recall.json`, recall);
  }

  ending(id: string): Promise<Ending | undefined> {
    return this.read(`releases/${id}/ended.json`);
  }

  writeEnding(id: string, ending: Ending): Promise<Ending> {
    return this.first(`releases/${id}/ended.json`, ending);
  }

  /** The release told as one page of HTML. */
  writeReport(id: string, page: string): Promise<void> {
    return this.store.put(`releases/${id}/report.html`, page);
  }

  /** Samples for the next minute, as the judge asked for them. */
  rates(id: string): Promise<Rates | undefined> {
    return this.read(`releases/${id}/rates.json`);
  }

  writeRates(id: string, rates: Rates): Promise<void> {
    return this.store.put(`releases/${id}/rates.json`, JSON.stringify(rates));
  }

  /** What the gate last said it waits for, so that people are told once and not each minute. */
  async waiting(id: string): Promise<string | undefined> {
    return (await this.read<{ because: string }>(`releases/${id}/waiting.json`))?.because;
  }

  writeWaiting(id: string, because: string): Promise<void> {
    return this.store.put(`releases/${id}/waiting.json`, JSON.stringify({ because }));
  }

  /** The minutes so far; each tick writes the whole file anew, as it only ever grows. */
  writeMinutes(id: string, recording: string): Promise<void> {
    return this.store.put(`releases/${id}/minutes.ndjson`, recording);
  }

  /** @see readRecording */
  minutes(id: string): Promise<string | undefined> {
    return this.store.get(`releases/${id}/minutes.ndjson`);
  }

  /** What people ordered about a release, oldest first. */
  orders(id: string): Promise<readonly Order[]> {
    return this.row<Order>(`releases/${id}/orders/`).all();
  }

  /** Of two people who order at once both are heard: whoever lost a number takes the next. */
  async order(id: string, order: Order): Promise<void> {
    await this.orderUnless(id, () => order);
  }

  /**
   * Order what what stands calls for.
   *
   * @param decide the order, given those that stand; asked again when somebody else ordered meanwhile. What it throws is thrown
   */
  orderUnless(id: string, decide: (standing: readonly Order[]) => Order): Promise<Order> {
    return this.row<Order>(`releases/${id}/orders/`).append(decide);
  }

  freeze(): Promise<Freeze | undefined> {
    return this.row<Freeze>(FREEZES).last();
  }

  /** Every freeze and its end, oldest first. */
  freezes(): Promise<readonly Freeze[]> {
    return this.row<Freeze>(FREEZES).all();
  }

  async writeFreeze(freeze: Freeze): Promise<void> {
    await this.freezeUnless(() => freeze);
  }

  /** As {@link orderUnless}. */
  freezeUnless(decide: (standing: readonly Freeze[]) => Freeze): Promise<Freeze> {
    return this.row<Freeze>(FREEZES).append(decide);
  }

  /** Release that serves everybody, once there is one. */
  async stable(): Promise<string | undefined> {
    return (await this.read<{ id: string }>('system/stable.json'))?.id;
  }

  writeStable(id: string): Promise<void> {
    return this.store.put('system/stable.json', JSON.stringify({ id }));
  }

  /** The release that is under way: the last one that took its turn, unless it has ended. */
  async live(): Promise<string | undefined> {
    const id = (await this.row<{ id: string }>(TURNS).last())?.id;
    return id !== undefined && !(await this.ending(id)) ? id : undefined;
  }

  /**
   * Take the turn for a release.
   *
   * Turns are numbered files, so of two releases that open at once exactly one gets the next number.
   *
   * @returns the release whose turn it is now
   */
  async takeTurn(id: string): Promise<string> {
    for (;;) {
      const taken = await this.row<{ id: string }>(TURNS).count();
      const live = await this.live();
      if (live !== undefined) return live;
      if (await this.row<{ id: string }>(TURNS).put(taken + 1, { id })) return id;
    }
  }

  private row<T extends object>(prefix: string): NumberedRow<T> {
    return new NumberedRow(this.store, prefix);
  }

  private async first<T>(key: string, value: T): Promise<T> {
    if (await this.store.putIfAbsent(key, JSON.stringify(value))) return value;
    return (await this.read<T>(key)) ?? value;
  }

  private async read<T>(key: string): Promise<T | undefined> {
    const body = await this.store.get(key);
    return body === undefined ? undefined : (JSON.parse(body) as T);
  }
}
