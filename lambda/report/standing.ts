import type { Happening } from './story';

/** What a service is doing with a release. */
export type Phase = 'prepares' | 'waits' | 'part' | 'all' | 'back';

/** How a service stands with a release. */
export interface Standing {
  /** Production weight in percent. */
  readonly weight: number;
  /** Absent while it has nothing to do with the release. */
  readonly phase?: Phase;
  /** In words. */
  readonly label?: string;
}

export const IDLE: Standing = { weight: 0 };

export function standingAfter(before: Standing, happening: Happening): Standing {
  switch (happening.kind) {
    case 'weight':
      return { ...before, weight: happening.percent, ...(before.phase !== 'back' && serving(happening.percent)) };
    case 'stage':
      return before.phase === 'back' || before.weight > 0 ? before : { weight: 0, ...preparing(happening.stage) };
    case 'scale':
      return happening.count > 0 ? { weight: 0, phase: 'part', label: tasks(happening.count) } : IDLE;
    case 'status':
      return statusTurn(before, happening.status);
    default:
      return before;
  }
}

function statusTurn(before: Standing, status: string): Standing {
  if (status === 'IN_PROGRESS' || status === 'PENDING') return { ...before, ...preparing() };
  const ended = ENDINGS[status];
  return ended === undefined
    ? { ...before, phase: 'back', label: 'goes back' }
    : { weight: before.weight, label: ended };
}

function preparing(stage?: string): Pick<Standing, 'phase' | 'label'> {
  if (stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT') return { phase: 'waits', label: 'waits for its turn' };
  return { phase: 'prepares', label: 'prepares' };
}

function serving(weight: number): Pick<Standing, 'phase' | 'label'> {
  if (weight === 0) return { phase: 'prepares', label: 'serves nobody' };
  return weight < 100 ? { phase: 'part', label: `${weight} % of traffic` } : { phase: 'all', label: 'everybody' };
}

/** Statuses in which a deployment has ended, in words. */
export const ENDINGS: Readonly<Record<string, string>> = {
  SUCCESSFUL: 'stays',
  STOPPED: 'stopped',
  ROLLBACK_SUCCESSFUL: 'went back',
  ROLLBACK_FAILED: 'could not go back',
};

function tasks(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}
