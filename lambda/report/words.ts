import type { Happening, ReleaseStory } from './story';

/** What became of a release, for its headline. */
export interface Outcome {
  readonly words: string;
  readonly kind: 'good' | 'bad' | 'open';
}

/** From the ending if there is one, else from the verdict that stands. */
export function outcomeOf({ ending, verdict, recall, refused }: ReleaseStory): Outcome {
  if (refused !== undefined) return { words: 'was refused', kind: 'bad' };
  if (ending) return { words: ENDED[ending.outcome], kind: ending.outcome === 'promoted' ? 'good' : 'bad' };
  if (verdict?.verdict === 'promote' && !recall) return { words: 'is being promoted', kind: 'good' };
  if (verdict) return { words: 'is going back', kind: 'bad' };
  return { words: 'has no verdict', kind: 'open' };
}

const ENDED = {
  promoted: 'was promoted',
  'rolled back': 'was rolled back',
  undone: 'was promoted, then undone',
  stuck: 'is stuck between two releases',
} as const;

/** Minutes with one decimal below ten: `4.5 min`. */
export function minutesInWords(minutes: number): string {
  return `${minutes < 10 ? Number(minutes.toFixed(1)) : Math.round(minutes)} min`;
}

/** A time in UTC to the second: `2026-11-21 08:00:07 UTC`. */
export function timeInWords(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `PRE_PRODUCTION_TRAFFIC_SHIFT` as `pre production traffic shift`. */
export function spelledOut(constant: string): string {
  return constant.toLowerCase().replaceAll('_', ' ');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What happened to a service, in a line. */
export function happeningInWords(happening: Happening): string {
  switch (happening.kind) {
    case 'status':
      return [spelledOut(happening.status), happening.reason].filter(Boolean).join(': ');
    case 'stage':
      return spelledOut(happening.stage);
    case 'answer':
      return `${spelledOut(happening.stage)}: the hook answers ${happening.answer}`;
    case 'weight':
      return `serves ${happening.percent} % of the traffic`;
    case 'task':
      return happening.what;
    case 'scale':
      return `tasks wanted: ${happening.count}`;
  }
}
