import type { LedgerStore } from '../../lambda/gate/ports';
import { STAGES, type StageName } from './stages';

/** How a stage ended. Written once; of two that carry out the same order the first is right. */
export interface StageRecord {
  readonly stage: StageName;
  readonly outcome: 'passed' | 'failed';
  /** What it found or did, in words. */
  readonly because: string;
  /** ISO 8601. */
  readonly at: string;
}

/** How the whole order ended. Written once. */
export interface OrderEnd {
  readonly outcome: 'released' | 'refused' | 'taken back';
  readonly because: string;
  readonly at: string;
}

/** The stages of a release as the ledger keeps them: `releases/<id>/stages/07-canary.json`. */
export class OrderRecord {
  constructor(
    private readonly store: LedgerStore,
    private readonly release: string,
  ) {}

  stage(name: StageName): Promise<StageRecord | undefined> {
    return this.read(this.stageKey(name));
  }

  /** @returns what stands, which is not this if somebody else was first */
  writeStage(record: StageRecord): Promise<StageRecord> {
    return this.first(this.stageKey(record.stage), record);
  }

  end(): Promise<OrderEnd | undefined> {
    return this.read(this.endKey);
  }

  writeEnd(end: OrderEnd): Promise<OrderEnd> {
    return this.first(this.endKey, end);
  }

  /** Every stage that has ended, in their order. */
  async stages(): Promise<readonly StageRecord[]> {
    const records = await Promise.all(STAGES.map(({ name }) => this.stage(name)));
    return records.filter((record) => record !== undefined);
  }

  private get endKey(): string {
    return `releases/${this.release}/stages/end.json`;
  }

  private stageKey(name: StageName): string {
    const number = STAGES.findIndex((stage) => stage.name === name) + 1;
    return `releases/${this.release}/stages/${String(number).padStart(2, '0')}-${name}.json`;
  }

  private async first<T extends object>(key: string, value: T): Promise<T> {
    if (await this.store.putIfAbsent(key, JSON.stringify(value))) return value;
    return (await this.read<T>(key)) ?? value;
  }

  private async read<T>(key: string): Promise<T | undefined> {
    const body = await this.store.get(key);
    return body === undefined ? undefined : (JSON.parse(body) as T);
  }
}
