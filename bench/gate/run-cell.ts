import type { Cell } from './cells';
import { type End, FINAL_BAKE_MIN, HARD_STOP_MIN, type Policy, type PolicyRun } from './policy';
import { type Draw, drawFrom } from './random';
import { ALL_USERS, CANARY_USERS, chanceOf } from './world';

/** What became of a cell's releases under one policy. */
export interface PolicyResult {
  readonly policy: string;
  readonly runs: number;
  /** Shares of the releases. */
  readonly promoted: number;
  readonly rolledBack: number;
  readonly inconclusive: number;
  /** Minute by which half of all releases were rolled back; null if fewer ever were. */
  readonly medianMin: number | null;
  /** Mean requests of users that were slow or failed until the end, and the standard error of that mean. */
  readonly badRequests: number;
  readonly badRequestsError: number;
  /** Mean requests of probes on both arms, and on the canary until a rollback. */
  readonly sent: number;
  readonly sentToCanary: number;
}

export interface CellResult {
  readonly cell: string;
  readonly results: readonly PolicyResult[];
}

interface Outcome {
  readonly end: End;
  readonly minute: number;
  readonly bad: number;
  readonly sent: number;
  readonly sentToCanary: number;
}

/** The same cell, runs and seed give the same result, on any machine and in any order. */
export function runCell(cell: Cell, { runs, seed }: { readonly runs: number; readonly seed: number }): CellResult {
  const draw = drawFrom(`${seed}/${cell.name}`);
  const outcomes = cell.policies.map((): Outcome[] => []);
  for (let i = 0; i < runs; i++) {
    for (const [j, outcome] of runRelease(cell, draw).entries()) outcomes[j]!.push(outcome);
  }
  return { cell: cell.name, results: cell.policies.map((policy, j) => summary(policy, outcomes[j]!)) };
}

/** One release, which every policy sees until it has decided. */
function runRelease(cell: Cell, draw: Draw): readonly Outcome[] {
  const world = cell.open(draw);
  const runs = cell.policies.map((policy) => new Following(policy.open(cell.n)));
  for (let minute = 1; minute <= HARD_STOP_MIN + FINAL_BAKE_MIN; minute++) {
    const open = runs.filter(({ outcome }) => !outcome);
    if (open.length === 0) break;
    const simulated = world.minute(minute);
    const chance = chanceOf(world.users(minute));
    for (const run of open) run.follow(simulated, chance);
  }
  return runs.map(({ outcome }) => outcome!);
}

class Following {
  outcome?: Outcome;
  private bad = 0;

  constructor(private readonly run: PolicyRun) {}

  follow(minute: Parameters<PolicyRun['see']>[0], chance: number): void {
    const { run } = this;
    this.bad += (run.promoted ? ALL_USERS : CANARY_USERS) * chance;
    const end = run.see(minute);
    if (end)
      this.outcome = { end, minute: minute.minute, bad: this.bad, sent: run.sent, sentToCanary: run.sentToCanary };
  }
}

function summary({ name }: Policy, outcomes: readonly Outcome[]): PolicyResult {
  const runs = outcomes.length;
  const share = (end: End) => outcomes.filter((outcome) => outcome.end === end).length / runs;
  const mean = (of: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / runs;
  const back = outcomes.filter(({ end }) => end === 'rollback').map(({ minute }) => minute);
  const bad = mean((outcome) => outcome.bad);
  const variance = mean((outcome) => (outcome.bad - bad) ** 2);
  return {
    ...{ policy: name, runs, promoted: share('promote'), rolledBack: share('rollback') },
    inconclusive: share('inconclusive'),
    medianMin: back.sort((a, b) => a - b)[Math.ceil(runs / 2) - 1] ?? null,
    ...{ badRequests: bad, badRequestsError: Math.sqrt(variance / runs) },
    sent: mean((outcome) => outcome.sent),
    sentToCanary: mean((outcome) => outcome.sentToCanary),
  };
}
