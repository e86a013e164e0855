/** Where the values of an axis stand. */
export interface Scale {
  /** From 0, the left or lower end, to 1; a value beyond an end stands at it. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

const DECADE = Math.LN10;

/** Even distances from one value to another. */
export function linear(from: number, to: number, ticks: readonly Tick[]): Scale {
  return { at: (value) => within((value - from) / (to - from)), ticks };
}

/**
 * Minutes, of which whole ones are named.
 *
 * @param most so many fit beside each other
 */
export function minutesScale(from: number, to: number, most = 12): Scale {
  const step = MINUTE_STEPS.find((minutes) => (to - from) / minutes <= most) ?? (to - from) / most;
  return linear(from, to, multiples(step, from, to).map(named(String)));
}

/** Shares of a whole, from 0 to a share. */
export function percentScale(to: number): Scale {
  const step = PERCENT_STEPS.find((percent) => (100 * to) / percent <= 3) ?? 100;
  const ticks = multiples(step, 0, 100 * to).map((percent) => ({ value: percent / 100, label: `${percent} %` }));
  return linear(0, to, ticks);
}

/** Counts from 0 on. */
export function countScale(most: number): Scale {
  const to = Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(to));
  const step = [1, 2, 2.5, 5, 10].map((part) => part * power).find((size) => Number.isInteger(size) && to / size <= 3)!;
  return linear(0, to, multiples(step, 0, to).map(named((value) => value.toLocaleString('en'))));
}

/**
 * Powers of ten at even distances.
 *
 * @param lnFrom natural logs of the ends, as are the values it is asked for
 */
export function logScale(lnFrom: number, lnTo: number): Scale {
  const [from, to] = [lnFrom / DECADE, lnTo / DECADE];
  const step = DECADE_STEPS.find((decades) => (to - from) / decades <= 4) ?? Math.ceil((to - from) / 4);
  const ticks = multiples(step, from, to).map((power) => ({ value: power * DECADE, label: powerOfTen(power) }));
  return linear(lnFrom, lnTo, ticks);
}

/** `0.01`, `100`, `10⁶`. */
export function powerOfTen(power: number): string {
  if (power >= -3 && power <= 4) return power < 0 ? (10 ** power).toFixed(-power) : (10 ** power).toLocaleString('en');
  return `10${[...String(power)].map((digit) => SUPERSCRIPTS[digit]).join('')}`;
}

const MINUTE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1_440];
const PERCENT_STEPS = [1, 2, 5, 10, 20, 25, 50];
const DECADE_STEPS = [1, 2, 3, 5, 10, 20, 50, 100];
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  ...{ '-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴' },
  ...{ '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹' },
};

/** Multiples of a step between two ends, both included, as far as rounding can tell. */
function multiples(step: number, from: number, to: number): readonly number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

function named(label: (value: number) => string): (value: number) => Tick {
  return (value) => ({ value, label: label(value) });
}

function within(share: number): number {
  return Number.isNaN(share) ? 0 : Math.min(1, Math.max(0, share));
}
