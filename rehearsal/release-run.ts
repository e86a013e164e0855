import { setTimeout as delay } from 'node:timers/promises';
import type { Ending } from '../lambda/gate/ledger';
import { readRecording } from '../lambda/gate/minutes-file';
import type { ServiceDeployment } from '../lambda/gate/ports';
import type { TimedHappening, TrafficMinute } from '../lambda/report/story';
import type { Minute, Plan } from '../lib/model/gate-plan';
import type { Fault } from './faults/fault';
import { type Deployer, deployRelease, deployWorkers } from './release-deployment';
import type { ReleaseEnvironment } from './release-environment';
import type { Timeline } from './timeline';
import type { Crowd, Felt } from './traffic/crowd';
import type { Watcher } from './watcher';

export interface ReleaseRunOptions extends Deployer {
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
  readonly outcome: Ending['outcome'];
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

/** Minutes that the gate is given to write how a release ended once its last deployment has. */
const ENDS_WITHIN_MIN = 8;
/** What a rollback's alarms may take to fall silent. */
const QUIET_WITHIN_MIN = 10;
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
      const deployments = await deployRelease(this.options, id);
      const ending = await this.ending();
      if (ending?.outcome === 'promoted') await deployWorkers(this.options, id);
      return await this.result(deployments, ending);
    } finally {
      deaf();
    }
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
    const end = Date.now() + ENDS_WITHIN_MIN * plan.gate.minuteMs;
    while ((await ledger.live()) !== undefined && Date.now() < end) await delay(LOOK_MS);
  }

  private async ending(): Promise<Ending | undefined> {
    const { ledger, id, plan } = this.options;
    const end = Date.now() + ENDS_WITHIN_MIN * plan.gate.minuteMs;
    while (Date.now() < end) {
      const ending = await ledger.ending(id);
      if (ending || (await ledger.opened(id)) === undefined) return ending;
      await delay(LOOK_MS);
    }
    return undefined;
  }

  private async result(deployments: readonly ServiceDeployment[], ending: Ending | undefined): Promise<ReleaseResult> {
    const { id, fault, crowd, ledger, timeline } = this.options;
    await this.look([]);
    const verdict = await ledger.verdict(id);
    const because = verdict?.because ?? this.complaint(deployments);
    const outcome = ending?.outcome ?? outcomeOf(deployments);
    const { expected } = fault;
    return {
      ...{ release: id, fault, outcome, because },
      minute: verdict?.minute ?? 0,
      asExpected: outcome === expected.outcome && expected.because.test(because),
      felt: crowd.feltOf(id),
      facts: { timeline: timeline.since(this.since), traffic: this.traffic },
    };
  }

  /** Where no verdict was written, ECS says why it went back. */
  private complaint(deployments: readonly ServiceDeployment[]): string {
    const own = deployments.flatMap(({ service, rollback }) => (rollback ? [`${service}: ${rollback}`] : []));
    return [...own, this.options.cluster.functions.complaint ?? ''].filter(Boolean).join('; ');
  }
}

/** What ECS did, where the gate wrote nothing. */
function outcomeOf(deployments: readonly ServiceDeployment[]): Ending['outcome'] {
  return deployments.every(({ status }) => status === 'SUCCESSFUL') ? 'promoted' : 'rolled back';
}
