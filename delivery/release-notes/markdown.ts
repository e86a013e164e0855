import type { BillSummary } from './bill';
import type { Notes } from './notes';
import { outcomeOf, reasonOf, worstOf } from './outcome';
import { type ScanSummary, SEVERITIES } from './scan';

const MOST_LISTED = 20;
const MOST_LICENCES = 5;

/** The notes as a page of Markdown. Whatever people wrote elsewhere is told as they wrote it, and never as markup. */
export function markdown(notes: Notes): string {
  const { release, before, order } = notes;
  const sections = [
    `# ${plain(release.id)}: ${outcomeOf(notes)}`,
    [reasonOf(notes), order?.outcome === 'released' ? order.because : undefined]
      .filter((text) => text !== undefined)
      .map(plain)
      .join('. '),
    ordersSection(notes),
    `## Changes${before ? ` since ${plain(before)}` : ''}`,
    commitList(notes),
    `## Schema\n\n${release.schema.migration === 'none' ? 'No migration' : plain(release.schema.migration)}, at \`${code(release.schema.version)}\`.`,
    `## Images\n\n${imageTable(notes)}`,
    vulnerabilities(notes),
  ];
  return `${sections.filter((section) => section).join('\n\n')}\n`;
}

function ordersSection({ orders }: Notes): string {
  return orders
    .map(({ kind, by, reason, at }) => `- ${plain(at)} **${kind}** by ${plain(by)}: ${plain(reason)}`)
    .join('\n');
}

function commitList({ commits }: Notes): string {
  if (commits.length === 0) return 'None.';
  const listed = commits
    .slice(0, MOST_LISTED)
    .map(({ id, author, subject }) => `- \`${id.slice(0, 10)}\` ${plain(subject)} (${plain(author)})`);
  const more = commits.length - listed.length;
  return [...listed, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

function imageTable({ release, bills, scans }: Notes): string {
  const rows = Object.entries(release.digests).map(([service, digest]) => [
    ...[plain(service), `\`${code(digest)}\``, billCell(bills[service]), scanCell(scans[service])],
  ]);
  const lines = [['Service', 'Digest', 'Made of', 'Known vulnerabilities'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function billCell(bill: BillSummary | undefined): string {
  if (!bill) return 'not told';
  const licences = bill.licences.slice(0, MOST_LICENCES).map(([name, count]) => `${plain(name)} ${count}`);
  return `${bill.components} components (${licences.join(', ')})`;
}

function scanCell(scan: ScanSummary | undefined): string {
  if (!scan) return 'not scanned';
  const counts = SEVERITIES.filter((severity) => scan.counts[severity] > 0).map(
    (severity) => `${scan.counts[severity]} ${severity}`,
  );
  return counts.join(', ') || 'none';
}

function vulnerabilities(notes: Notes): string {
  const all = Object.entries(notes.scans).flatMap(([service, { worst }]) => worst.map((one) => ({ service, ...one })));
  if (worstOf(notes) === undefined || all.length === 0) return '';
  const listed = all.slice(0, MOST_LISTED).map((one) => {
    const mended = one.fixedIn === undefined ? 'no fix yet' : `mended in ${plain(one.fixedIn)}`;
    return `- ${plain(one.id)} (${one.severity}) in ${plain(one.in)} of ${plain(one.service)}, ${mended}`;
  });
  return `## Vulnerabilities to look at\n\n${listed.join('\n')}`;
}

/** Text of somebody else's on one line, in which nothing is markup. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~@]/g, '\\$&');
}

/** The same between backticks, where only they would end it. */
function code(text: string): string {
  return text.replace(/[`|\s]+/g, ' ');
}
