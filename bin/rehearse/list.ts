import { FAULTS } from '../../rehearsal/faults/faults';

/** Every fault with the verdict it must give: a table, or JSON. */
export function listFaults(asJson: boolean): string {
  const rows = FAULTS.map(({ name, sentence, expected }) => ({ name, verdict: expected.outcome, sentence }));
  if (asJson) return `${JSON.stringify(rows, undefined, 2)}\n`;
  const width = Math.max(...rows.map(({ name }) => name.length));
  const verdict = Math.max(...rows.map((row) => row.verdict.length));
  return rows.map((row) => `${row.name.padEnd(width)}  ${row.verdict.padEnd(verdict)}  ${row.sentence}\n`).join('');
}
