import { z } from 'zod';
import { readJson } from './json-file';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Vulnerability {
  readonly id: string;
  readonly severity: Severity;
  /** `name version` of the package. */
  readonly in: string;
  /** Version that mends it; undefined if there is none. */
  readonly fixedIn: string | undefined;
}

export interface ScanSummary {
  /** Each vulnerability of each package once. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Critical and high ones, the worst and those that can be mended first. */
  readonly worst: readonly Vulnerability[];
}

const scan = z.object({
  matches: z.array(
    z.object({
      vulnerability: z.object({
        id: z.string(),
        severity: z.string().optional(),
        fix: z.object({ versions: z.array(z.string()).nullish(), state: z.string().optional() }).optional(),
      }),
      artifact: z.object({ name: z.string(), version: z.string().optional() }),
    }),
  ),
});
type Match = z.infer<typeof scan>['matches'][number];

/**
 * What grype found in an image.
 *
 * @throws Error in one line if it is no answer of grype
 */
export function readScan(file: string, text: string): ScanSummary {
  const { matches } = readJson(scan, file, text, 'what grype answers with -o json');
  const found = new Map(matches.map(vulnerabilityOf).map((one) => [`${one.id} ${one.in}`, one]));
  const all = [...found.values()].sort(byUrgency);
  const counts = SEVERITIES.map((severity) => [severity, all.filter((one) => one.severity === severity).length]);
  return {
    counts: Object.fromEntries(counts) as ScanSummary['counts'],
    worst: all.filter(({ severity }) => severity === 'critical' || severity === 'high'),
  };
}

function vulnerabilityOf({ vulnerability: { id, severity = 'unknown', fix }, artifact }: Match): Vulnerability {
  const known = SEVERITIES.find((name) => name === severity.toLowerCase()) ?? 'unknown';
  return {
    ...{ id, severity: known, in: [artifact.name, artifact.version].filter(Boolean).join(' ') },
    fixedIn: fix?.versions?.[0],
  };
}

function byUrgency(a: Vulnerability, b: Vulnerability): number {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  const mending = Number(a.fixedIn === undefined) - Number(b.fixedIn === undefined);
  return severity || mending || (a.id < b.id ? -1 : 1);
}
