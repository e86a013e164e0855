import { judge, judgeFinalBake } from '../../lambda/gate/judge';
import { IDLE, type Standing, standingAfter } from '../../lambda/report/standing';
import type { Happening } from '../../lambda/report/story';
import { happeningInWords } from '../../lambda/report/words';
import type { Minute, Plan, Verdict } from '../../lib/model/gate-plan';

/** What a release is, as it begins. */
export interface Subject {
  readonly title: string;
  readonly release: string;
  readonly sentence: string;
}

/** Everything the view knows of the release that is under way. */
export interface ViewState extends Subject {
  /** Milliseconds since the release began. */
  readonly elapsedMs: number;
  readonly plan?: Plan;
  readonly minutes: readonly Minute[];
  /** The judge's word after the last minute. */
  readonly verdict?: Verdict;
  /** The service that took a share first; users reach it first. */
  readonly front?: string;
  readonly services: ReadonlyMap<string, Standing>;
  /** The last few things that happened, oldest first. */
  readonly events: readonly Event[];
}

export interface Event {
  readonly elapsedMs: number;
  readonly text: string;
}

const EVENTS_KEPT = 4;

export function begun(subject: Subject): ViewState {
  return { ...subject, elapsedMs: 0, minutes: [], services: new Map(), events: [] };
}

export function planned(state: ViewState, plan: Plan): ViewState {
  return { ...state, plan };
}

/** What happens to other releases meanwhile is theirs. */
export function happened(state: ViewState, happening: Happening): ViewState {
  const { service, release } = happening;
  if (release !== state.release) return state;
  const standing = standingAfter(state.services.get(service) ?? IDLE, happening);
  const takesShare = happening.kind === 'weight' && happening.percent > 0;
  return {
    ...withEvent(state, `${service}: ${happeningInWords(happening)}`),
    services: new Map(state.services).set(service, standing),
    front: state.front ?? (takesShare ? service : undefined),
  };
}

export function minuteClosed(state: ViewState, minute: Minute): ViewState {
  const minutes = [...state.minutes, minute];
  return { ...state, minutes, verdict: state.plan && lastWord(state.plan, minutes) };
}

/** Judged here as at the gate: the judge is the same, and so are the minutes. */
function lastWord(plan: Plan, minutes: readonly Minute[]): Verdict {
  const verdict = judge(plan, minutes);
  const isPromoted = verdict.verdict === 'promote';
  return (isPromoted && judgeFinalBake(plan, minutes, verdict.minute)) || verdict;
}

/** Percent of the users that the release serves. */
export function shareOf({ front, services }: ViewState): number {
  return front === undefined ? 0 : (services.get(front)?.weight ?? 0);
}

function withEvent(state: ViewState, text: string): ViewState {
  const { elapsedMs, events } = state;
  return { ...state, events: [...events, { elapsedMs, text }].slice(-EVENTS_KEPT) };
}
