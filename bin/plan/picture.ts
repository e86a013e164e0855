import { dot, line, moment, type Plot, type Point, picture } from '../../lambda/report/chart';
import type { Markup } from '../../lambda/report/markup';
import { percentScale } from '../../lambda/report/scale';
import { percent } from '../../lib/model/evidence/in-words';
import { type Fate, powerCurve } from '../../lib/model/evidence/probe-power';
import type { Plan, RateProbe } from '../../lib/model/gate-plan';

const POINTS = 60;

/**
 * Chance of promotion and of rollback over the true rate of breaches.
 *
 * @param simulated releases to set as dots beside the lines
 */
export function powerPicture(plan: Plan, probe: RateProbe, simulated: readonly Fate[]): Markup {
  const curve = powerCurve(plan, probe, POINTS);
  const farthest = curve.at(-1)!.p;
  const plot: Plot = { x: percentScale(farthest), y: percentScale(1), height: 170 };
  return picture({
    ...{ plot, unit: 'in breach', title: `${probe.id}: ${probe.bound}`, description: describe(probe, curve) },
    layers: [
      moment(plot, { at: probe.p0, label: 'objective' }),
      moment(plot, { at: probe.pTol, label: 'certificate', row: 1 }),
      moment(plot, { at: probe.mustCatch, label: 'must catch', row: 2 }),
      line(plot, pointsOf(curve, 'promoted'), 'good'),
      line(plot, pointsOf(curve, 'rolledBack'), 'bad'),
      ...simulated.filter(({ p }) => p <= farthest).flatMap((fate) => dots(plot, fate)),
    ],
  });
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

function pointsOf(curve: readonly Fate[], of: 'promoted' | 'rolledBack'): readonly Point[] {
  return curve.map((fate) => [fate.p, fate[of]]);
}

function dots(plot: Plot, { p, promoted, rolledBack }: Fate): readonly Markup[] {
  return [dot(plot, [p, promoted], 'good'), dot(plot, [p, rolledBack], 'bad')];
}
