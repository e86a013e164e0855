import type { Plan, PlanV2, ProbeSpec, RateProbe } from './gate-plan';

/** A value that no plan may have. */
export interface ShapeProblem {
  /** E.g. `probes.login.pTol`. */
  readonly at: string;
  readonly got: unknown;
  /** What would do, as a noun phrase. */
  readonly expected: string;
}

/** One rule: where, the value, whether it holds, and what would do. Written so that NaN breaks every rule. */
type Rule = readonly [at: string, got: unknown, holds: boolean, expected: string];

function broken(rules: readonly Rule[]): readonly ShapeProblem[] {
  return rules.filter(([, , holds]) => !holds).map(([at, got, , expected]) => ({ at, got, expected }));
}

/** What is wrong with a plan's constants, whatever its probes. */
export function constantProblems(plan: Plan): readonly ShapeProblem[] {
  const shared = [...budgetProblems(plan), ...timeProblems(plan), ...laneProblems(plan)];
  return plan.version === 1 ? shared : [...shared, ...versionTwoProblems(plan)];
}

function versionTwoProblems({ burst, recent, ...bake }: PlanV2): readonly ShapeProblem[] {
  const { finalBakeMin, finalBakeCorroboration } = bake;
  return broken([
    ['burst.openingMin', burst.openingMin, isCount(burst.openingMin), 'a whole number, 0 or more'],
    ['burst.closingMin', burst.closingMin, isCount(burst.closingMin), 'a whole number, 0 or more'],
    ['recent.minutes', recent.minutes, isCount(recent.minutes) && recent.minutes >= 1, '1 or more'],
    ['recent.evidence', recent.evidence, recent.evidence >= 1, '1 or more; below it a release without a breach leans'],
    ['finalBakeMin', finalBakeMin, isCount(finalBakeMin), 'a whole number, 0 or more'],
    ['finalBakeCorroboration', finalBakeCorroboration, finalBakeCorroboration >= 1, '1 or more'],
  ]);
}

function budgetProblems({ alpha, beta, coverage }: Plan): readonly ShapeProblem[] {
  return broken([
    ['alpha', alpha, alpha > 0 && alpha < 0.5, 'above 0 and below 0.5'],
    ['beta', beta, beta > 0 && beta < 0.5, 'above 0 and below 0.5'],
    ['coverage', coverage, coverage > 0 && coverage <= 1, 'above 0 and at most 1'],
  ]);
}

function timeProblems({ burnInMin, tailMin, bakeMin, hardStopMin, burst, onHardStop }: Plan): readonly ShapeProblem[] {
  const judged = bakeMin - burnInMin;
  return broken([
    ['burnInMin', burnInMin, isCount(burnInMin), 'a whole number, 0 or more'],
    [
      'bakeMin',
      bakeMin,
      isCount(bakeMin) && bakeMin <= hardStopMin,
      `a whole number, at most hardStopMin = ${hardStopMin}`,
    ],
    ['hardStopMin', hardStopMin, isCount(hardStopMin), 'a whole number'],
    [
      'tailMin',
      tailMin,
      isCount(tailMin) && tailMin >= 1 && tailMin <= judged,
      `from 1 to bakeMin − burnInMin = ${judged}`,
    ],
    ['onHardStop', onHardStop, onHardStop === 'rollback' || onHardStop === 'pause', '"rollback" or "pause"'],
    ['burst.lateFromMin', burst.lateFromMin, isCount(burst.lateFromMin), 'a whole number'],
    ['burst.evidence', burst.evidence, burst.evidence > 0, 'above 0'],
  ]);
}

function laneProblems({ corroboration, burnInCorroboration, outage, mute }: Plan): readonly ShapeProblem[] {
  const weight = outage.weight >= 0 && outage.weight < 1;
  return broken([
    ['corroboration', corroboration, corroboration >= 1, '1 or more'],
    ['burnInCorroboration', burnInCorroboration, burnInCorroboration >= 1, '1 or more'],
    [
      'outage.limit',
      outage.limit,
      outage.limit > 0 && outage.limit < 0.45,
      'above 0 and below 0.45, the least outage it bets on',
    ],
    ['outage.weight', outage.weight, weight, '0 or more and below 1'],
    ['outage.restart', outage.restart, outage.restart >= 0, '0 or more'],
    ['mute.minBreaches', mute.minBreaches, mute.minBreaches >= 1, '1 or more'],
    ['mute.factor', mute.factor, mute.factor >= 1, '1 or more'],
  ]);
}

/** What is wrong with the list of probes as such. */
export function probeListProblems({ probes }: Plan): readonly ShapeProblem[] {
  const ids = probes.map(({ id }) => id);
  const twice = ids.filter((id, i) => ids.indexOf(id) < i);
  const scheduled = probes.some((probe) => probe.kind === 'rate' && !probe.passive);
  return broken([
    ['probes', ids, twice.length === 0, `a list of different ids; ${twice.join(', ')} is there twice`],
    ['probes', ids, scheduled, 'a list with a rate probe that is not passive; nothing else can certify a release'],
  ]);
}

/** What is wrong with one probe by itself. */
export function probeProblems(probe: ProbeSpec): readonly ShapeProblem[] {
  const at = `probes.${probe.id}`;
  const scheduled = probe.kind === 'exact' || !probe.passive;
  const enough = Number.isInteger(probe.perMinute) && probe.perMinute >= 1;
  return [
    ...broken([
      ['probes', probe.id, /^[a-z][a-z0-9-]*$/.test(probe.id), 'a lower-case word, digits and dashes allowed'],
      [
        `${at}.perMinute`,
        probe.perMinute,
        scheduled ? enough : probe.perMinute === 0,
        scheduled ? 'a whole number, 1 or more' : '0 for a passive probe',
      ],
      ...latencyRules(at, probe),
      [`${at}.burst`, probe.burst, probe.burst >= 1 && probe.burst < Infinity, '1 or more'],
    ]),
    ...(probe.kind === 'exact' ? exactProblems(at, probe.confirm) : rateProblems(at, probe)),
  ];
}

/** Only what real traffic does is told by its latency alone; a scheduled probe knows its own bound. */
function latencyRules(at: string, probe: ProbeSpec): readonly Rule[] {
  if (probe.kind === 'exact' || probe.slowerThanMs === undefined) return [];
  const { slowerThanMs, passive } = probe;
  return [
    [`${at}.slowerThanMs`, slowerThanMs, passive === true && slowerThanMs > 0, 'above 0, and of a passive probe'],
  ];
}

function exactProblems(at: string, confirm: number): readonly ShapeProblem[] {
  return broken([[`${at}.confirm`, confirm, Number.isInteger(confirm) && confirm >= 1, 'a whole number, 1 or more']]);
}

function rateProblems(at: string, { p0, pTol, typical, mustCatch, weight }: RateProbe): readonly ShapeProblem[] {
  return broken([
    [`${at}.typical`, typical, typical > 0 && typical < p0, `above 0 and below p0 = ${p0}`],
    [`${at}.p0`, p0, p0 > 0 && p0 < 1, 'above 0 and below 1'],
    [`${at}.pTol`, pTol, pTol > p0 && pTol < 1, `above p0 = ${p0} and below 1`],
    [`${at}.mustCatch`, mustCatch, mustCatch >= pTol && mustCatch < 1, `at least pTol = ${pTol} and below 1`],
    [`${at}.weight`, weight, weight > 0 && weight < Infinity, 'above 0'],
  ]);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
