import type { Notes } from './notes';
import { SEVERITIES } from './scan';

/** What became of a release, in two or three words. */
export function outcomeOf({ order, ending, recall, verdict }: Notes): string {
  if (order) return order.outcome;
  if (ending) return ending.outcome;
  if (recall) return 'being taken back';
  if (verdict) return verdict.verdict === 'promote' ? 'being promoted' : 'being rolled back';
  return 'under way';
}

/** Why, with the numbers it rests on. */
export function reasonOf({ order, recall, verdict, ending }: Notes): string | undefined {
  if (order && order.outcome !== 'released') return order.because;
  return recall?.because ?? verdict?.because ?? ending?.because;
}

/** `2 critical, 5 high` over all images; undefined where nothing was scanned. */
export function worstOf({ scans }: Notes): string | undefined {
  const all = Object.values(scans);
  if (all.length === 0) return undefined;
  const counts = SEVERITIES.map(
    (severity) => [severity, all.reduce((sum, scan) => sum + scan.counts[severity], 0)] as const,
  );
  return (
    counts
      .filter(([, count]) => count > 0)
      .map(([severity, count]) => `${count} ${severity}`)
      .join(', ') || 'nothing known'
  );
}
