import type { Happening } from '../../lambda/report/story';

/** Told everything that happens to a service. */
export type Observe = (happening: Happening) => void;

/** What happened, without whom it happened to. */
export type Happened = Happening extends infer One
  ? One extends unknown
    ? Omit<One, 'service' | 'release'>
    : never
  : never;

export type Stage = Extract<Happening, { kind: 'stage' }>['stage'];
