import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { HookEvent, LifecycleStage } from '../../lambda/gate/hook';
import { type DeploymentStatus, hasEnded, type ServiceDeployment } from '../../lambda/gate/ports';
import type { Clock } from '../clock';
import type { TargetGroup } from '../router/target-group';
import { type Alarm, AlarmWatch } from './alarms';
import { callHook, type InvokeHook } from './hook-call';
import type { Happened, Observe, Stage } from './observe';
import { arnOf, type Revision, type StartTask } from './revision';
import { TaskSet } from './task-set';
import type { CanaryStrategy, WebService } from './web-service';

export interface DeploymentSurroundings {
  readonly clock: Clock;
  readonly invoke: InvokeHook;
  readonly alarms: readonly Alarm[];
  readonly start: StartTask;
  readonly observe: Observe;
  /** Ends every deployment where it stands: the rehearsal is over. */
  readonly shutdown: AbortSignal;
}

const ALARM_POLL_SECONDS = 15;

/**
 * One deployment of one service behind the balancer, stage by stage as ECS goes through them.
 *
 * Whatever ends it early (a hook, an alarm, a stop, tasks that keep failing) leads back to the revision that served before.
 */
export class Deployment {
  readonly arn: string;
  private readonly startedAt = new Date().toISOString();
  private readonly interruption = new AbortController();
  private readonly signal: AbortSignal;
  private readonly watch: AlarmWatch;
  private readonly tasks: TaskSet;
  private readonly source: TaskSet | undefined;
  private readonly groups: { readonly live: TargetGroup; readonly other: TargetGroup };
  private status: DeploymentStatus = 'PENDING';
  private rollback: string | undefined;
  private weight = 0;

  /**
   * @param definition what of the service's own this deployment goes by
   * @throws Error when the production rule does not have exactly one group with weight
   */
  constructor(
    private readonly service: WebService,
    private readonly target: Revision,
    private readonly around: DeploymentSurroundings,
    private readonly definition = service.definition,
  ) {
    this.arn = arnOf('service-deployment', service.name, randomBytes(8).toString('hex'));
    this.groups = service.groups();
    this.groups.other.release = target.release;
    this.source = service.live;
    this.signal = AbortSignal.any([this.interruption.signal, around.shutdown]);
    setMaxListeners(0, this.signal);
    this.watch = new AlarmWatch(around.alarms);
    const onTaskEnded = (what: string) => this.tell({ kind: 'task', what });
    const { start, shutdown } = around;
    this.tasks = new TaskSet({ revision: target, start, group: this.groups.other, onTaskEnded, shutdown });
  }

  get hasEnded(): boolean {
    return hasEnded({ status: this.status });
  }

  describe(): ServiceDeployment {
    return {
      arn: this.arn,
      service: this.service.name,
      lane: this.definition.lane,
      status: this.status,
      release: this.target.release,
      digests: this.target.digests,
      sourceRevisions: this.source ? [this.source.revision.arn] : [],
      weight: this.weight,
      alarms: this.alarmStatus(),
      rollback: this.rollback,
      startedAt: this.startedAt,
    };
  }

  /** StopServiceDeployment with ROLLBACK. Does nothing once the deployment has ended or turns back already. */
  stop(reason: string): void {
    if (this.hasEnded || this.signal.aborted) return;
    this.become('ROLLBACK_REQUESTED', reason);
    this.interruption.abort(new Error(reason));
  }

  /** Resolves when the deployment has ended, one way or the other. */
  async run(): Promise<void> {
    const polling = setInterval(() => this.pollAlarms(), this.around.clock.ofSeconds(ALARM_POLL_SECONDS));
    this.tasks.broken.catch((reason: Error) => this.stop(reason.message));
    try {
      this.become('IN_PROGRESS');
      await this.forward();
    } catch (reason) {
      if (!this.around.shutdown.aborted) await this.back((reason as Error).message);
    } finally {
      clearInterval(polling);
    }
  }

  private async forward(): Promise<void> {
    await this.pass('PRE_SCALE_UP');
    this.tell({ kind: 'stage', stage: 'SCALE_UP' });
    await this.orInterrupted(this.tasks.scale(this.definition.tasks));
    await this.pass('POST_SCALE_UP');
    await this.pass('TEST_TRAFFIC_SHIFT');
    this.service.shift('test', this.groups.other, 100);
    await this.pass('POST_TEST_TRAFFIC_SHIFT');
    await this.shiftProduction();
    await this.pass('POST_PRODUCTION_TRAFFIC_SHIFT');
    await this.bake(this.definition.finalBakeMinutes, 'BAKE_TIME');
    this.tell({ kind: 'stage', stage: 'CLEAN_UP' });
    this.service.live = this.tasks;
    this.become('SUCCESSFUL');
    await this.source?.scale(0);
  }

  private async shiftProduction(): Promise<void> {
    const { strategy } = this.definition;
    await this.pass('PRE_PRODUCTION_TRAFFIC_SHIFT');
    if (strategy.kind === 'CANARY' && this.source) await this.step(strategy);
    await this.give(100);
  }

  private async step({ percent, stepBakeMinutes, bakes }: CanaryStrategy): Promise<void> {
    await this.give(percent);
    const bake = () => this.bake(stepBakeMinutes, 'PRODUCTION_TRAFFIC_SHIFT');
    const hook = () => this.pass('PRE_PRODUCTION_TRAFFIC_SHIFT');
    if (bakes === 'beside-hook') await Promise.all([bake(), hook()]);
    else for (const part of bakes === 'before-hook' ? [bake, hook] : [hook, bake]) await part();
  }

  private async give(percent: number): Promise<void> {
    await this.pass('PRODUCTION_TRAFFIC_SHIFT');
    this.moveTo(percent);
  }

  private moveTo(percent: number): void {
    this.weight = percent;
    this.service.shift('production', this.groups.other, percent);
    this.tell({ kind: 'weight', percent });
  }

  /** A first deployment has nothing to go back to, so there is nothing to wait for. */
  private async bake(minutes: number, stage: Stage): Promise<void> {
    this.tell({ kind: 'stage', stage });
    if (this.source) await this.around.clock.waitMinutes(minutes, this.signal);
  }

  /** Go through a stage: call the hook if the service has one there. */
  private async pass(stage: LifecycleStage, signal = this.signal): Promise<void> {
    signal.throwIfAborted();
    this.tell({ kind: 'stage', stage });
    const { hooks, hookTimeoutMinutes } = this.definition;
    if (!hooks.includes(stage)) return;
    const { invoke, clock } = this.around;
    const onAnswer = (answer: string) => this.tell({ kind: 'answer', stage, answer });
    const call = callHook({
      event: this.event(stage),
      invoke,
      clock,
      timeoutMinutes: hookTimeoutMinutes,
      signal,
      onAnswer,
    });
    await this.orInterrupted(call, signal);
  }

  private event(lifecycleStage: LifecycleStage): Omit<HookEvent, 'executionId'> {
    const { name, lane } = this.definition;
    const weights = {
      [this.target.arn]: this.weight,
      ...(this.source && { [this.source.revision.arn]: 100 - this.weight }),
    };
    const isTest = lifecycleStage === 'TEST_TRAFFIC_SHIFT';
    const isProduction = lifecycleStage.includes('PRODUCTION') && lifecycleStage !== 'POST_PRODUCTION_TRAFFIC_SHIFT';
    return {
      lifecycleStage,
      resourceArn: this.arn,
      executionDetails: {
        serviceArn: arnOf('service', name),
        targetServiceRevisionArn: this.target.arn,
        testTrafficWeights: isTest ? weights : {},
        productionTrafficWeights: isProduction ? weights : {},
      },
      hookDetails: { service: name, lane },
    };
  }

  /** Everything to the source again. ECS calls the hooks of both shifts once more; one that refuses blocks the way back. */
  private async back(reason: string): Promise<void> {
    this.rollback = reason;
    this.interruption.abort(new Error(reason));
    this.become('ROLLBACK_IN_PROGRESS', reason);
    try {
      if (!this.source) throw new Error('No rollback candidate was found to run the rollback');
      this.moveTo(0);
      await this.pass('PRODUCTION_TRAFFIC_SHIFT', this.around.shutdown);
      this.service.shift('test', this.groups.live, 100);
      await this.pass('TEST_TRAFFIC_SHIFT', this.around.shutdown);
      this.become('ROLLBACK_SUCCESSFUL', reason);
    } catch (cause) {
      if (!this.around.shutdown.aborted) this.become('ROLLBACK_FAILED', (cause as Error).message);
    }
    await this.tasks.scale(0);
  }

  private pollAlarms(): void {
    const firing = this.watch.firing();
    if (firing) this.stop(`alarm ${firing}`);
  }

  private alarmStatus(): ServiceDeployment['alarms'] {
    if (this.watch.someIgnored) return 'DISABLED';
    if (this.rollback?.startsWith('alarm ')) return 'TRIGGERED';
    return this.hasEnded ? 'MONITORING_COMPLETE' : 'MONITORING';
  }

  private become(status: DeploymentStatus, reason?: string): void {
    this.status = status;
    this.tell({ kind: 'status', status, reason });
  }

  private tell(happened: Happened): void {
    this.around.observe({ service: this.service.name, release: this.target.release, ...happened });
  }

  private async orInterrupted<T>(work: Promise<T>, signal = this.signal): Promise<T> {
    let interrupted: () => void = () => undefined;
    const interruption = new Promise<never>((_, reject) => {
      interrupted = () => reject(signal.reason);
      signal.addEventListener('abort', interrupted, { once: true });
    });
    try {
      return await Promise.race([work, interruption]);
    } finally {
      signal.removeEventListener('abort', interrupted);
    }
  }
}
