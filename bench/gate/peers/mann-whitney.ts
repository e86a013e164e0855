import { normalQuantile } from '../world';

export type Classification = 'Pass' | 'High' | 'Low' | 'Nodata';

export interface Shift {
  /** Hodges-Lehmann estimate of how far the experiment lies above the control. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** Precision of Kayenta's Brent solver. */
const PRECISION = 1e-4;

const TOLERANCE = 0.25;

/**
 * Kayenta's judgement of one metric whose increase is bad: High if the interval of the shift lies above a quarter of its estimate, and
 * the mean has not fallen.
 *
 * Data that is constant on both arms gets noise of a hundred-thousandth of its value, as it cannot be ranked otherwise.
 *
 * @see https://github.com/spinnaker/kayenta/blob/master/docs/canary-judge.md
 * @see https://github.com/spinnaker/kayenta/blob/master/kayenta-judge/src/main/scala/com/netflix/kayenta/judge/classifiers/metric/MannWhitneyClassifier.scala
 */
export function classify(control: readonly number[], experiment: readonly number[], confidence = 0.98): Classification {
  if (control.length === 0 || experiment.length === 0) return 'Nodata';
  if (sameSorted(control, experiment)) return 'Pass';
  const flat = isConstant(control) && isConstant(experiment);
  const { lower, upper, estimate } = flat
    ? shiftOf(jittered(control), jittered(experiment), confidence)
    : shiftOf(control, experiment, confidence);
  const limit = TOLERANCE * Math.abs(estimate);
  const ratio = mean(experiment) / mean(control);
  if (lower > limit && ratio >= 1) return 'High';
  return upper < -limit && ratio <= 1 ? 'Low' : 'Pass';
}

/**
 * The shift with its confidence interval, as R's wilcox.test computes them for large samples: where the standardised rank sum of the
 * experiment, moved back by the shift, meets the normal quantiles.
 *
 * @see https://github.com/spinnaker/kayenta/blob/master/kayenta-mannwhitney/src/main/scala/com/netflix/kayenta/mannwhitney/MannWhitney.scala
 */
export function shiftOf(control: readonly number[], experiment: readonly number[], confidence: number): Shift {
  const least = Math.min(...experiment) - Math.max(...control);
  const most = Math.max(...experiment) - Math.min(...control);
  const rootAt = (z: number) => root((shift) => standardised(control, experiment, shift) - z, least, most);
  const z = -normalQuantile((1 - confidence) / 2);
  return { estimate: rootAt(0), lower: rootAt(z), upper: rootAt(-z) };
}

/** (W − ½·sign W) / σ of the experiment moved back by a shift, ties averaged. Falls as the shift grows. */
function standardised(control: readonly number[], experiment: readonly number[], shift: number): number {
  const [nX, nY] = [experiment.length, control.length];
  const n = nX + nY;
  const { ranks, ties } = rank([...experiment.map((x) => x - shift), ...control]);
  const sum = ranks.slice(0, nX).reduce((total, one) => total + one, 0);
  const w = sum - (nX * (nX + 1)) / 2 - (nX * nY) / 2;
  const sigma = Math.sqrt(((nX * nY) / 12) * (n + 1 - ties / (n * (n - 1))));
  return (w - 0.5 * Math.sign(w)) / sigma;
}

/** Ranks from 1 on, equal values sharing their average; and Σ k³ − k over groups of k equals. */
function rank(values: readonly number[]): { readonly ranks: readonly number[]; readonly ties: number } {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    const equals = to - from;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + 1 + to) / 2;
    ties += equals ** 3 - equals;
    from = to;
  }
  return { ranks, ties };
}

/** Where a falling step function crosses zero; the end that does not bracket, if one does not. */
function root(f: (x: number) => number, least: number, most: number): number {
  if (f(least) <= 0) return least;
  if (f(most) >= 0) return most;
  let [low, high] = [least, most];
  while (high - low > PRECISION) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function sameSorted(a: readonly number[], b: readonly number[]): boolean {
  const [x, y] = [a.toSorted((p, q) => p - q), b.toSorted((p, q) => p - q)];
  return x.length === y.length && x.every((value, i) => value === y[i]);
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function jittered(values: readonly number[]): readonly number[] {
  return values.map((value, i) => value * (1 + (1e-5 * i) / values.length));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
