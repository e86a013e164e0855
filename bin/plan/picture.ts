import { percent } from '../../lib/model/evidence/in-words';
import { type Fate, powerCurve } from '../../lib/model/evidence/probe-power';
import type { Plan, RateProbe } from '../../lib/model/gate-plan';

const WIDTH = 360;
const HEIGHT = 230;
/** The plot inside the picture. */
const PLOT = { left: 44, right: WIDTH - 12, top: 34, bottom: HEIGHT - 36 };
const POINTS = 60;

/**
 * Chance of promotion and of rollback over the true rate of breaches, as an SVG element. Colours come from the page's style.
 *
 * @param simulated releases to set as dots beside the lines
 */
export function powerPicture(plan: Plan, probe: RateProbe, simulated: readonly Fate[]): string {
  const curve = powerCurve(plan, probe, POINTS);
  const farthest = curve.at(-1)!.p;
  const x = (p: number) => Number((PLOT.left + (p / farthest) * (PLOT.right - PLOT.left)).toFixed(1));
  const marks = [
    mark(x(probe.p0), 'objective', 0),
    mark(x(probe.pTol), 'certificate', 1),
    mark(x(probe.mustCatch), 'must catch', 2),
  ];
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(describe(probe, curve))}">`,
    `<text class="title" x="${PLOT.left}" y="14">${escapeText(`${probe.id}: ${probe.bound}`)}</text>`,
    ...[0, 0.5, 1].map((chance) => gridLine(chance)),
    ...ticks(farthest).map(
      (p) => `<text class="tick" x="${x(p)}" y="${PLOT.bottom + 14}" text-anchor="middle">${percent(p)}</text>`,
    ),
    `<text class="tick" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">true rate of breaches</text>`,
    ...marks,
    line(
      'promoted',
      curve.map(({ p, promoted }) => [x(p), y(promoted)] as const),
    ),
    line(
      'rolled',
      curve.map(({ p, rolledBack }) => [x(p), y(rolledBack)] as const),
    ),
    ...simulated
      .filter(({ p }) => p <= farthest)
      .flatMap(({ p, promoted, rolledBack }) => [
        dot('promoted', x(p), y(promoted)),
        dot('rolled', x(p), y(rolledBack)),
      ]),
    '</svg>',
  ].join('\n');
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The picture in words, for who cannot see it. */
function describe({ id }: RateProbe, curve: readonly Fate[]): string {
  const mostlyPromoted = curve.findLast(({ promoted }) => promoted >= 0.5);
  const mostlyFound = curve.find(({ rolledBack }) => rolledBack >= 0.5);
  return (
    `${id}: half of the releases are promoted up to a breach rate of ${percent(mostlyPromoted?.p ?? 0)}, ` +
    `half are rolled back by their evidence from ${percent(mostlyFound?.p ?? 1)} on`
  );
}

function y(chance: number): number {
  return PLOT.bottom - chance * (PLOT.bottom - PLOT.top);
}

function gridLine(chance: number): string {
  return (
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(chance)}" y2="${y(chance)}"/>` +
    `<text class="tick" x="${PLOT.left - 6}" y="${y(chance) + 4}" text-anchor="end">${100 * chance} %</text>`
  );
}

/** A vertical line with its name, the names on different heights so that they do not meet. */
function mark(x: number, name: string, row: number): string {
  const top = PLOT.top + 12 + 12 * row;
  return (
    `<line class="mark" x1="${x}" x2="${x}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>` +
    `<text class="tick" x="${x + 3}" y="${top}">${name}</text>`
  );
}

function ticks(farthest: number): readonly number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => Number((share * farthest).toPrecision(2)));
}

function line(kind: string, points: readonly (readonly [number, number])[]): string {
  return `<polyline class="${kind}" points="${points.map(([px, py]) => `${px},${py.toFixed(1)}`).join(' ')}"/>`;
}

function dot(kind: string, px: number, py: number): string {
  return `<circle class="${kind}" cx="${px}" cy="${py.toFixed(1)}" r="3.5"/>`;
}
