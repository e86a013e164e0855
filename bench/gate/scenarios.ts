import { type Draw, drawBetween } from './random';
import type { Chances } from './world';

/** How both arms fare, minute by minute, in one release. */
export interface World {
  canary(minute: number): Chances;
  stable(minute: number): Chances;
}

/** What should become of a release: `grey` may go either way, `neither` should wait for people. */
export type Kind = 'good' | 'bad' | 'grey' | 'neither';

export interface Scenario {
  /** Group, as `--only` names it. */
  readonly group: string;
  readonly name: string;
  readonly kind: Kind;
  readonly hotfix?: boolean;
  /** Whether the release is followed to the end of its final bake. */
  readonly finalBake?: boolean;
  /** Chance of a breach that a bad release has once it is bad. */
  readonly p: number;
  open(draw: Draw): World;
}

type Trouble = (draw: Draw) => (minute: number) => readonly [canary: number, stable: number];

const CALM: Trouble = () => () => [0, 0];

/** Both arms alike, from a random minute on. */
function shared(chance: number, minutes: number, [first, last]: readonly [number, number]): Trouble {
  return (draw) => {
    const start = drawBetween(draw, first, last);
    return (minute) => (minute >= start && minute < start + minutes ? [chance, chance] : [0, 0]);
  };
}

const BLIP = shared(0.3, 2, [1, 28]);
const OUTAGE = shared(0.6, 5, [1, 26]);
const MILD = shared(0.1, 10, [1, 21]);
const LONG_MILD = shared(0.05, 20, [1, 11]);
const COLD_START: Trouble = () => (minute) => (minute <= 2 ? [0.3, 0] : [0, 0]);
const HICCUP: Trouble = (draw) => {
  const at = drawBetween(draw, 1, 28);
  return (minute) => (minute === at ? [0.3, 0] : [0, 0]);
};

/** Two states, one minute in ten in trouble, trouble lasting two minutes on average. */
const BURSTY: Trouble = (draw) => {
  let on = draw() < 0.1;
  return () => {
    const now = on;
    on = draw() < (on ? 0.5 : 0.0556);
    return now ? [0.2, 0.2] : [0, 0];
  };
};

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  none: CALM,
  blip: BLIP,
  '5-minute outage': OUTAGE,
  'cold start': COLD_START,
};

interface Spec {
  readonly stable?: number;
  readonly trouble?: Trouble;
  /** Last minute in which the canary is still as good as the stable. */
  readonly wellUntil?: number;
  readonly hotfix?: boolean;
  readonly finalBake?: boolean;
}

function scenario(group: string, kind: Kind, p: number, spec: Spec = {}): Scenario {
  const { stable = 0.01, trouble = CALM, wellUntil = 0, hotfix, finalBake } = spec;
  return {
    ...{ group, kind, p, hotfix, finalBake },
    name: `${group} ${decimal(p)}`,
    open: (draw) => {
      const environment = trouble(draw);
      let [minute, now] = [0, environment(0)];
      const at = (asked: number) => {
        if (asked !== minute) [minute, now] = [asked, environment(asked)];
        return now;
      };
      return {
        canary: (t) => ({ own: t <= wellUntil ? 0.01 : p, environment: at(t)[0] }),
        stable: (t) => ({ own: stable, environment: at(t)[1] }),
      };
    },
  };
}

/** `.03`, as the tables write a chance. */
export function decimal(p: number): string {
  return p.toFixed(2).replace(/^0/, '');
}

const each = (ps: readonly number[], of: (p: number) => Scenario) => ps.map(of);

/** Every scenario with one probe. */
export const SCENARIOS: readonly Scenario[] = [
  ...each([0.01, 0.03, 0.05], (p) => scenario('steady', 'good', p)),
  ...each([0.06, 0.07], (p) => scenario('steady', 'grey', p)),
  ...each([0.08, 0.1, 0.2, 0.5], (p) => scenario('steady', 'bad', p)),
  ...each([0.01, 0.03, 0.05], (p) => scenario('no-op', 'good', p, { stable: p })),
  ...each([0.08, 0.1, 0.2], (p) => scenario('weak contrast', 'bad', p, { stable: 0.04 })),
  ...each([0.01, 0.03], (p) => scenario('blip', 'good', p, { trouble: BLIP })),
  scenario('blip', 'bad', 0.1, { trouble: BLIP }),
  ...each([0.01, 0.03], (p) => scenario('shared outage', 'good', p, { trouble: OUTAGE })),
  ...each([0.01, 0.03], (p) => scenario('shared mild', 'good', p, { trouble: MILD })),
  ...each([0.03, 0.04], (p) => scenario('mixed innocence', 'good', p, { trouble: LONG_MILD })),
  ...each([0.01, 0.03], (p) => scenario('cold start', 'good', p, { trouble: COLD_START })),
  ...each([0.01, 0.03], (p) => scenario('hiccup', 'good', p, { trouble: HICCUP })),
  ...each([0.08, 0.1, 0.2, 0.5], (p) => scenario('leak at 15', 'bad', p, { wellUntil: 15 })),
  ...each([0.08, 0.1, 0.2, 0.5], (p) => scenario('leak at 25', 'bad', p, { wellUntil: 25 })),
  scenario('sick dependency', 'neither', 0.12, { stable: 0.12 }),
  scenario('hotfix', 'good', 0.02, { stable: 0.3 }),
  scenario('hotfix mode', 'good', 0.12, { stable: 0.3, hotfix: true }),
  scenario('hotfix mode, no better', 'good', 0.12, { stable: 0.12, hotfix: true }),
  ...each([0.01, 0.02], (p) => scenario('bursty', 'good', p, { stable: p, trouble: BURSTY })),
  ...each([0.06, 0.07], (p) => scenario('final bake, steady', 'grey', p, { finalBake: true })),
  ...each([0.08, 0.1, 0.2, 0.5], (p) =>
    scenario('final bake, leak at 25', 'bad', p, { wellUntil: 25, finalBake: true }),
  ),
  ...each([0.1, 0.2, 0.5], (p) => scenario('final bake, leak at 30', 'bad', p, { wellUntil: 30, finalBake: true })),
  ...each([0.01, 0.03, 0.05], (p) => scenario('final bake', 'good', p, { finalBake: true })),
  scenario('final bake, blip', 'good', 0.03, { trouble: shared(0.3, 2, [31, 38]), finalBake: true }),
  scenario('final bake, outage', 'good', 0.03, { trouble: shared(0.6, 5, [31, 36]), finalBake: true }),
];
