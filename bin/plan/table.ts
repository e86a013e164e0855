import { percent } from '../../lib/model/evidence/in-words';
import { MULTIPLES, powerCurve } from '../../lib/model/evidence/probe-power';
import { badRequests } from '../../lib/model/power';
import { costOfRelease } from './cost';
import type { SimulatedRow } from './simulation';
import { allRateProbes, exactProbes, type Subject } from './subject';

/** Points of a curve in the terminal. */
const WIDTH = 48;

const EIGHTHS = ' ▁▂▃▄▅▆▇█';

/** What a plan promises, finds and costs, as text. */
export function planText(subject: Subject): string {
  return [
    headline(subject),
    detectionTable(subject),
    usersTable(subject),
    promises(subject),
    curves(subject),
    footer(subject),
  ].join('\n\n');
}

function headline({ name, plan, users }: Subject): string {
  return (
    `${name}: a release serves ${percent(users.canaryShare)} of the users for ${plan.bakeMin} to ${plan.hardStopMin} minutes. ` +
    `Its evidence rolls back\na good one with probability ${percent(plan.alpha)} at most; a bad one is promoted with ${percent(plan.beta)} at most.`
  );
}

function detectionTable(subject: Subject): string {
  const header = [
    'probe',
    'objective',
    'promotes below',
    'finds (95 %)',
    ...MULTIPLES.map((multiple) => `${multiple}×`),
  ];
  const rates = allRateProbes(subject).map(({ probe, power }) => [
    ...[probe.id, probe.bound, percent(probe.pTol), percent(power.smallest)],
    ...power.found.map(({ median }) => minutes(median)),
  ]);
  const exact = exactProbes(subject).map(({ id, bound, smallest }) => [id, bound, '–', percent(smallest)]);
  return `Smallest rate of breaches found by minute ${subject.plan.hardStopMin}, and median minutes to a rollback at multiples of the objective\n\n${columns([header, ...rates, ...exact])}`;
}

function usersTable(subject: Subject): string {
  const { perMinute, canaryShare } = subject.users;
  const header = ['probe', '', '', '', ...MULTIPLES.map((multiple) => `${multiple}×`)];
  const rows = allRateProbes(subject).map(({ probe, power }) => [
    ...[probe.id, '', '', ''],
    ...power.found.map((detection) => whole(badRequests(detection, subject.users))),
  ]);
  const canary = Math.round(perMinute * canaryShare);
  return `Bad requests of users until half of such releases are back, at ${perMinute} requests a minute, ${canary} of them on the canary\n\n${columns([header, ...rows])}`;
}

function promises({ power }: Subject): string {
  return ['Each probe, in words', '', ...power.probes.map(({ id, promise }) => `  ${id}: ${promise}`)].join('\n');
}

/** Chance of a rollback over the true rate of breaches, one line a probe; a caret under p0 and under pTol. */
function curves(subject: Subject): string {
  const blocks = allRateProbes(subject).flatMap(({ probe }) => {
    const curve = powerCurve(subject.plan, probe, WIDTH);
    const last = curve.at(-1)!.p;
    const bars = curve.map(({ rolledBack }) => EIGHTHS[Math.round(rolledBack * 8)]).join('');
    const marks = Array.from({ length: WIDTH }, (_, i) =>
      isMark(i, probe.p0 / last) || isMark(i, probe.pTol / last) ? '^' : '·',
    );
    return [`  ${probe.id.padEnd(10)}│${bars}│ ${percent(last)}`, `  ${''.padEnd(10)} ${marks.join('')}`];
  });
  return [
    'Chance that a release is rolled back in time, by its true rate of breaches (^ objective, ^ certificate)',
    '',
    ...blocks,
  ].join('\n');
}

function isMark(i: number, share: number): boolean {
  return i === Math.round(share * WIDTH) - 1;
}

function footer({ plan, power }: Subject): string {
  const { lambda, metrics } = costOfRelease(plan);
  return (
    `A typical release is promoted at minute ${plan.bakeMin} with probability ${power.atBake.toFixed(3)} or more, by minute ` +
    `${plan.hardStopMin} with ${power.atStop.toFixed(3)}.\nIts probes take ${power.samples} samples on both arms and cost about ` +
    `US$ ${(lambda + metrics).toFixed(2)} in AWS.`
  );
}

/** What seeded simulations of each probe gave, beside what the plan expects. */
export function simulationText(rows: readonly SimulatedRow[]): string {
  const header = ['probe', 'true rate', 'promoted', 'rolled back', 'median', 'expected', '95 %', 'expected'];
  const body = rows.map(({ id, simulated, expected }) => [
    ...[id, percent(simulated.p), percent(simulated.promoted), percent(simulated.rolledBack)],
    ...[simulated.median, expected.median, simulated.surely, expected.surely].map(minutes),
  ]);
  return `Simulated releases, one probe at a time, minutes to a rollback beside the expected ones\n\n${columns([header, ...body])}`;
}

/** Columns as wide as their widest cell, the first two to the left. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('   ')
      .trimEnd();
  return rows.map((row) => `  ${line(row)}`).join('\n');
}

function minutes(value: number): string {
  return Number.isFinite(value) ? String(value) : '–';
}

function whole(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value)) : '–';
}
