/** One indicator's criteria: `pass` and `warning` are lists of alternatives, each of which must hold in all its parts. */
export interface KeptnObjective {
  readonly pass: readonly (readonly string[])[];
  readonly warning?: readonly (readonly string[])[];
  readonly weight?: number;
  readonly keySli?: boolean;
}

export interface KeptnIndicator {
  readonly value: number;
  /** Values of earlier evaluations, averaged for a comparison such as `<=+10%`. */
  readonly previous?: readonly number[];
}

export type KeptnResult = 'pass' | 'warning' | 'fail';

/**
 * Result of a quality gate: points for each objective, full for a pass and half for a warning, in percent of all, against the total
 * score's limits. A comparison without an earlier value passes.
 *
 * @see https://v1.keptn.sh/docs/1.0.x/reference/files/slo/
 * @see https://github.com/keptn/keptn/blob/master/lighthouse-service/event_handler/evaluate_sli_handler.go
 */
export function qualityGate(
  total: { readonly pass: number; readonly warning: number },
  objectives: readonly { readonly objective: KeptnObjective; readonly indicator: KeptnIndicator }[],
): KeptnResult {
  const results = objectives.map(({ objective, indicator }) => ({ objective, result: resultOf(objective, indicator) }));
  const points = (sum: number, { objective, result }: (typeof results)[number]) =>
    sum + (objective.weight ?? 1) * { pass: 1, warning: 0.5, fail: 0 }[result];
  const most = objectives.reduce((sum, { objective }) => sum + (objective.weight ?? 1), 0);
  const score = (100 * results.reduce(points, 0)) / most;
  if (results.some(({ objective, result }) => objective.keySli && result === 'fail')) return 'fail';
  if (score >= total.pass) return 'pass';
  return score >= total.warning ? 'warning' : 'fail';
}

function resultOf({ pass, warning = [] }: KeptnObjective, indicator: KeptnIndicator): KeptnResult {
  if (pass.length === 0 || anyHolds(pass, indicator)) return 'pass';
  return anyHolds(warning, indicator) ? 'warning' : 'fail';
}

function anyHolds(alternatives: readonly (readonly string[])[], indicator: KeptnIndicator): boolean {
  return alternatives.some((criteria) => criteria.every((criterion) => holds(criterion, indicator)));
}

const CRITERION = /^(<=|>=|<|>|=)([+-]?)(\d*\.?\d+)(%?)$/;

/** @throws Error if it is no criterion, such as `<600` or `<=+10%` */
function holds(criterion: string, { value, previous = [] }: KeptnIndicator): boolean {
  const [, operator, sign, number, percent] = CRITERION.exec(criterion.replaceAll(' ', '')) ?? [];
  if (operator === undefined) throw new Error(`criterion: expected one like "<600" or "<=+10%", got "${criterion}"`);
  if (sign === '' && percent === '') return compare(operator, value, Number(number));
  if (previous.length === 0) return true;
  const average = previous.reduce((sum, one) => sum + one, 0) / previous.length;
  const change = percent === '%' ? (average * Number(number)) / 100 : Number(number);
  return compare(operator, value, sign === '-' ? average - change : average + change);
}

function compare(operator: string, value: number, target: number): boolean {
  switch (operator) {
    case '<':
      return value < target;
    case '<=':
      return value <= target;
    case '>':
      return value > target;
    case '>=':
      return value >= target;
    default:
      return value === target;
  }
}
