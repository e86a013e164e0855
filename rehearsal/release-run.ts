import { setTimeout as delay } from 'node:timers/promises';
import { openGlass } from '../delivery/break-glass/open-glass';
import type { OrderEnd } from '../delivery/order/record';
import type { Ending } from '../lambda/gate/ledger';
import { readRecording } from '../lambda/gate/minutes-file';
import type { TimedHappening, TrafficMinute } from '../lambda/report/story';
import type { Minute, Plan } from '../lib/model/gate-plan';
import type { Fault } from './faults/fault';
import { carryOutOrder } from './order/carry-out-order';
import type { OrderPlace } from './order/order-ports';
import { ledgerFolder } from './ports/ledger-folder';
import { record } from './release-deployment';
import type { ReleaseEnvironment } from './release-environment';
import { strayTraffic } from './stray-traffic';
import type { Timeline } from './timeline';
import type { Crowd, Felt } from './traffic/crowd';
import type { Watcher } from './watcher';

export interface ReleaseRunOptions extends OrderPlace {
  readonly id: string;
  readonly fault: Fault;
  readonly environment: ReleaseEnvironment;
  readonly watcher: Watcher;
  readonly crowd: Crowd;
  readonly timeline: Timeline;
}

/** What became of a release, and whether that is what had to become of it. */
export interface ReleaseResult {
  readonly release: string;
  readonly fault: Fault;
  readonly outcome: Ending['outcome'] | 'refused';
  readonly because: string;
  /** Minute of the verdict; 0 before the canary took traffic. */
  readonly minute: number;
  readonly asExpected: boolean;
  /** What users whom the canary answered lived through. */
  readonly felt: Felt;
  readonly facts: ReleaseFacts;
}

/** What the ledger does not keep. */
export interface ReleaseFacts {
  readonly timeline: readonly TimedHappening[];
  readonly traffic: readonly TrafficMinute[];
}

/** What a rollback's alarms may take to fall silent, and a release whose prober was dead to be ended. */
const QUIET_WITHIN_MIN = 10;
/** Time in which a release that is put back has been through the final bake of every service. */
const BACK_WITHIN_MIN = 45;
const LOOK_MS = 50;

/** One release on its way along the path. */
export class ReleaseRun {
  private readonly since = Date.now();
  private readonly minutes: Minute[] = [];
  private readonly traffic: TrafficMinute[] = [];
  private plan: Plan | undefined;

  constructor(private readonly options: ReleaseRunOptions) {}

  async toItsEnd(): Promise<ReleaseResult> {
    const { id, fault, environment, cluster, watcher, timeline } = this.options;
    watcher.begin({ title: fault.name, release: id, sentence: fault.sentence });
    const deaf = timeline.listen((happening) => this.hear(happening));
    try {
      cluster.faults.set(id, fault);
      fault.environment?.(environment);
      await cluster.functions.renew(fault.name);
      await this.turn();
      await cluster.alarms.quiet(QUIET_WITHIN_MIN);
      await record(this.options, id, this.options.migrations.level);
      const end = await this.order();
      await this.wayBack();
      return await this.result(end);
    } finally {
      deaf();
    }
  }

  private async order(): Promise<OrderEnd | undefined> {
    const { id, fault, watcher } = this.options;
    if (fault.frozen) await this.freeze(true);
    try {
      return await carryOutOrder(this.options, id, {
        killed: fault.killsOrder ?? false,
        onStage: ({ stage, outcome, because }) => watcher.note(`${id} order, ${stage} ${outcome}: ${because}`),
      });
    } finally {
      if (fault.frozen) await this.freeze(false);
    }
  }

  private freeze(frozen: boolean): Promise<void> {
    const at = new Date().toISOString();
    return this.options.ledger.writeFreeze({ frozen, by: 'the rehearsal', reason: 'a quiet week', at });
  }

  /** A minute is over: see what the gate has recorded since, and what the balancer counted. */
  async look(counted: readonly TrafficMinute[]): Promise<void> {
    const { ledger, id, watcher } = this.options;
    this.traffic.push(...counted);
    this.plan ??= await this.planned();
    const text = await ledger.minutes(id);
    if (text === undefined) return;
    for (const minute of readRecording('minutes.ndjson', text).minutes.slice(this.minutes.length)) {
      this.minutes.push(minute);
      watcher.minute(minute);
    }
  }

  private async planned(): Promise<Plan | undefined> {
    const plan = await this.options.ledger.plan(this.options.id);
    if (plan) this.options.watcher.planned(plan);
    return plan;
  }

  private hear(happening: TimedHappening): void {
    this.options.watcher.happened(happening);
    const { front } = this.options.plan.model;
    const takesShare = happening.kind === 'weight' && happening.percent > 0 && happening.service === front;
    if (takesShare) this.options.environment.begin();
  }

  /** Wait for the end of a release whose prober was dead, and which nobody has ended for that reason. */
  private async turn(): Promise<void> {
    const { ledger, plan } = this.options;
    const end = Date.now() + QUIET_WITHIN_MIN * plan.gate.minuteMs;
    while ((await ledger.live()) !== undefined && Date.now() < end) await delay(LOOK_MS);
  }

  /** Somebody who broke the glass is let finish; one who was killed on the way is not waited for long. */
  private async wayBack(): Promise<void> {
    const { cluster, plan } = this.options;
    const store = ledgerFolder(cluster.places.ledger);
    const end = Date.now() + BACK_WITHIN_MIN * plan.gate.minuteMs;
    while ((await openGlass(store)) !== undefined && Date.now() < end) await delay(LOOK_MS);
  }

  private get entrance(): { front: string; share: number } {
    const { front, rollout } = this.options.plan.model;
    return { front, share: rollout.kind === 'canary' ? rollout.percent : 0 };
  }

  private async result(order: OrderEnd | undefined): Promise<ReleaseResult> {
    const { id, fault, crowd, ledger, timeline } = this.options;
    await this.look([]);
    const [verdict, ending, recall] = [await ledger.verdict(id), await ledger.ending(id), await ledger.recall(id)];
    const refused = order?.outcome === 'refused';
    const outcome = refused ? 'refused' : (ending?.outcome ?? 'rolled back');
    const story = (refused ? order.because : (recall ?? verdict)?.because) ?? order?.because ?? this.complaint();
    const happened = timeline.since(this.since);
    const stray = strayTraffic(happened, { release: id, outcome, ...this.entrance });
    const because = [story, ...stray].join('; but ');
    const { expected } = fault;
    return {
      ...{ release: id, fault, outcome, because },
      minute: verdict?.minute ?? 0,
      asExpected: outcome === expected.outcome && expected.because.test(story) && stray.length === 0,
      felt: crowd.feltOf(id),
      facts: { timeline: happened, traffic: this.traffic },
    };
  }

  /** Where nobody wrote why, ECS says why it went back, and the gate what it stumbled over. */
  private complaint(): string {
    const { cluster } = this.options;
    const own = cluster.controller
      .latest()
      .flatMap(({ service, rollback }) => (rollback ? [`${service}: ${rollback}`] : []));
    return [...own, cluster.functions.complaint ?? ''].filter(Boolean).join('; ');
  }
}
