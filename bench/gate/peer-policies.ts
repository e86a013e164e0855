import type { RateProbe } from '../../lib/model/gate-plan';
import { type AnalysisMetric, analysisPhase, type Measurement } from './peers/argo-analysis';
import { alarmState, type Datapoint } from './peers/cloudwatch-alarm';
import { lowerLimit } from './peers/confidence-sequence';
import { advanceCanary, type CanaryStatus } from './peers/flagger-analysis';
import { trendHolds } from './peers/k6-threshold';
import { classify } from './peers/mann-whitney';
import { ProbabilityRatio } from './peers/probability-ratio';
import { BAKE_MIN, type End, HARD_STOP_MIN, type Policy, type PolicyRun, type SimMinute } from './policy';
import { BOUND_MS, type SimArm } from './world';

/** What a peer watches: the probes with their objectives. */
export type Watched = readonly OneProbe[];

type OneProbe = Pick<RateProbe, 'id' | 'p0'>;

/** What a decision rule says of one minute. It keeps what it has seen. */
type Rule = (minute: SimMinute) => End | undefined;

/** A rule that sends the same number of requests in every minute, and gives up after the last one. */
function policy(name: string, open: () => Rule): Policy {
  return {
    name,
    open: (n) => {
      const perMinute = Object.values(n).reduce((sum, one) => sum + one, 0);
      const rule = open();
      const run = { sent: 0, sentToCanary: 0, promoted: false, see };
      function see(minute: SimMinute): End | undefined {
        run.sent += 2 * perMinute;
        run.sentToCanary += perMinute;
        return rule(minute) ?? (minute.minute >= HARD_STOP_MIN ? 'inconclusive' : undefined);
      }
      return run satisfies PolicyRun;
    },
  };
}

/** Whether the percentile that stands for the objective is over the bound, by nearest rank. */
function isOver({ n, slow }: SimArm, p0: number): boolean {
  return slow >= n - Math.ceil((1 - p0) * n - 1e-9) + 1;
}

const canaryOf = (minute: SimMinute, id: string) => minute.probes[id]!.canary;

/** An alarm with 3 of 5 datapoints on each probe. */
export function cloudWatch(watched: Watched): Policy {
  const settings = { evaluationPeriods: 5, datapointsToAlarm: 3, treatMissingData: 'notBreaching' } as const;
  return policy('CloudWatch 3 of 5', () => {
    const points = new Map<string, Datapoint[]>(watched.map(({ id }) => [id, []]));
    return (minute) => {
      const firing = watched.some(({ id, p0 }) => {
        const own = points.get(id)!;
        own.push(isOver(canaryOf(minute, id), p0) ? 'breaching' : 'ok');
        return alarmState(settings, own.slice(-settings.evaluationPeriods), 'OK') === 'ALARM';
      });
      return firing ? 'rollback' : promoteAfterBake(minute);
    };
  });
}

/** A background analysis with a metric for each probe. */
export function argo(watched: Watched, metric: AnalysisMetric = { failureLimit: 3 }): Policy {
  return policy(`Argo failureLimit ${metric.failureLimit}`, () => {
    const taken = new Map<string, Measurement[]>(watched.map(({ id }) => [id, []]));
    return (minute) => {
      const ended = minute.minute >= BAKE_MIN;
      const phases = watched.map(({ id, p0 }) => {
        const own = taken.get(id)!;
        own.push(isOver(canaryOf(minute, id), p0) ? 'Failed' : 'Successful');
        return analysisPhase(metric, own, ended);
      });
      if (phases.includes('Failed')) return 'rollback';
      return ended ? 'promote' : undefined;
    };
  });
}

/** Thirty iterations, all probes under one counter. */
export function flagger(watched: Watched): Policy {
  return policy('Flagger threshold 5', () => {
    let status: CanaryStatus = { failedChecks: 0, iterations: 0 };
    return (minute) => {
      const passes = watched.every(({ id, p0 }) => !isOver(canaryOf(minute, id), p0));
      const next = advanceCanary({ threshold: 5, iterations: BAKE_MIN }, status, passes);
      status = next.status;
      if (next.phase === 'Failed') return 'rollback';
      return next.phase === 'Promoting' ? 'promote' : undefined;
    };
  });
}

/** A load test over the whole bake, judged at its end. */
export function endOfRun(watched: Watched): Policy {
  return policy('k6 at the end', () => {
    const all = new Map<string, number[]>(watched.map(({ id }) => [id, []]));
    return (minute) => {
      for (const { id } of watched) all.get(id)!.push(...canaryOf(minute, id).latencies);
      if (minute.minute < BAKE_MIN) return undefined;
      return watched.every(({ id, p0 }) => trendHolds(all.get(id)!, 1 - p0, BOUND_MS)) ? 'promote' : 'rollback';
    };
  });
}

/** Judgements of the minutes' percentiles at 10, 20 and 30 minutes. */
export function kayenta({ id, p0 }: OneProbe): Policy {
  return policy('Kayenta at 10, 20, 30', () => {
    const control: number[] = [];
    const experiment: number[] = [];
    return (minute) => {
      const { canary, stable } = minute.probes[id]!;
      experiment.push(nearestRank(canary, p0));
      control.push(nearestRank(stable, p0));
      if (minute.minute % 10 === 0 && classify(control, experiment) === 'High') return 'rollback';
      return promoteAfterBake(minute);
    };
  });
}

/** @param tuning samples at which the sequence is narrowest; 5,000 is what GrowthBook ships */
export function growthBook({ id }: OneProbe, tuning: number): Policy {
  const ALPHA = 0.05;
  return policy(`GrowthBook N ${tuning}`, () => {
    const so = { perArm: 0, canary: 0, stable: 0 };
    return (minute) => {
      const { canary, stable } = minute.probes[id]!;
      so.perArm += canary.n;
      so.canary += canary.slow;
      so.stable += stable.slow;
      return lowerLimit(so, ALPHA, tuning) > 0 ? 'rollback' : promoteAfterBake(minute);
    };
  });
}

/** The canary's requests one by one; it promotes only what the test accepts. */
export function ratioTest({ id }: OneProbe): Policy {
  return policy('SPRT .05 v .10', () => {
    const test = new ProbabilityRatio({ p0: 0.05, p1: 0.1, alpha: 0.05, beta: 0.05 });
    return (minute) => {
      for (const ms of canaryOf(minute, id).latencies) test.add(ms > BOUND_MS);
      if (test.state === 'rejects') return 'rollback';
      return test.state === 'accepts' ? promoteAfterBake(minute) : undefined;
    };
  });
}

function promoteAfterBake({ minute }: SimMinute): End | undefined {
  return minute >= BAKE_MIN ? 'promote' : undefined;
}

function nearestRank({ latencies, n }: SimArm, p0: number): number {
  return latencies.toSorted()[Math.ceil((1 - p0) * n - 1e-9) - 1]!;
}
