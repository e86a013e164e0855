import type { ReleaseClock } from './release-clock';
import { ENDINGS, IDLE, type Phase, type Standing, standingAfter } from './standing';
import type { TimedHappening } from './story';
import { spelledOut } from './words';

/** A span of a lane, in minutes of the release. */
export interface Segment {
  readonly phase: Phase;
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** How a deployment ended, with the reason if ECS gave one. */
export interface End {
  readonly at: number;
  readonly words: string;
  readonly reason?: string;
  readonly good: boolean;
}

/** One service's way through the release. */
export interface Lane {
  readonly service: string;
  readonly segments: readonly Segment[];
  /** How its deployment ended. */
  readonly end?: End;
  /** Tasks that ended, and hook calls that were refused. */
  readonly troubles: readonly { readonly at: number; readonly words: string }[];
}

/** Lanes of a release's services: the front's first, workers last, each of a kind as they came. */
export function lanesOf(
  happenings: readonly TimedHappening[],
  { front, clock }: { readonly front: string; readonly clock: ReleaseClock },
): readonly Lane[] {
  const own = (service: string) => happenings.filter((happening) => happening.service === service);
  const takesJobs = (service: string) => own(service).some(({ kind }) => kind === 'scale');
  const rank = (service: string) => (service === front ? 0 : 1 + Number(takesJobs(service)));
  const services = [...new Set(happenings.map(({ service }) => service))];
  return services.sort((a, b) => rank(a) - rank(b)).map((service) => laneOf(service, own(service), clock));
}

function laneOf(service: string, own: readonly TimedHappening[], clock: ReleaseClock): Lane {
  const turns: Turn[] = [];
  for (const happening of own) {
    const standing = standingAfter(turns.at(-1) ?? IDLE, happening);
    turns.push({ ...standing, at: clock.minuteOf(happening.at) });
  }
  return {
    service,
    segments: segmentsOf(turns, clock.span[1]),
    end: own.map((happening) => endOf(happening, clock)).findLast((end) => end !== undefined),
    troubles: own.flatMap((happening) => troubleOf(happening, clock)),
  };
}

type Turn = Standing & { readonly at: number };

/** Spans in which nothing changed; those in which there is nothing to show are left out. */
function segmentsOf(turns: readonly Turn[], last: number): readonly Segment[] {
  const changes = turns.filter(({ phase, label }, i) => phase !== turns[i - 1]?.phase || label !== turns[i - 1]?.label);
  return changes.flatMap(({ phase, label = '', at }, i) => {
    const to = changes[i + 1]?.at ?? last;
    return phase && to > at ? [{ phase, label, from: at, to }] : [];
  });
}

function endOf(happening: TimedHappening, clock: ReleaseClock): End | undefined {
  if (happening.kind !== 'status') return undefined;
  const { status, reason, at } = happening;
  const words = ENDINGS[status];
  return words === undefined ? undefined : { at: clock.minuteOf(at), words, reason, good: status === 'SUCCESSFUL' };
}

function troubleOf(happening: TimedHappening, clock: ReleaseClock): Lane['troubles'] {
  const at = clock.minuteOf(happening.at);
  if (happening.kind === 'task') return [{ at, words: happening.what }];
  const refused = happening.kind === 'answer' && happening.answer === 'FAILED';
  return refused ? [{ at, words: `the hook refuses ${spelledOut(happening.stage)}` }] : [];
}
