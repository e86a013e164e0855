/** Named once: in a test's sandbox each look-up of the global costs more than the logarithm itself. */
const { abs, exp, log, log1p, max } = Math;

/** ln(exp(a) + exp(b)); −∞ stands for nothing. */
export function logAddExp(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return max(a, b) + log1p(exp(-abs(a - b)));
}

/** ln Σ exp(x), summed in the order given; −∞ if every term is. */
export function logSumExp(terms: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < terms.length; i++) most = max(most, terms[i]!);
  if (most === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += exp(terms[i]! - most);
  return most + log(sum);
}

/** Coefficients of Stirling's series for ln n!: 1/12n − 1/360n³ + 1/1260n⁵ − 1/1680n⁷. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680];

const SMALL_LN_FACTORIALS = [0];
for (let n = 1; n <= 32; n++) SMALL_LN_FACTORIALS.push(SMALL_LN_FACTORIALS[n - 1]! + log(n));

/** ln n! of a whole number, to about 15 digits: a sum up to 32, Stirling's series from there on. */
function lnFactorial(n: number): number {
  const small = SMALL_LN_FACTORIALS[n];
  if (small !== undefined) return small;
  const tail = STIRLING.reduce((sum, coefficient, i) => sum + coefficient / n ** (2 * i + 1), 0);
  return n * log(n) - n + 0.5 * log(2 * Math.PI * n) + tail;
}

/** ln of the number of ways to choose k of n; whole numbers, 0 ≤ k ≤ n. */
export function lnChoose(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
}
