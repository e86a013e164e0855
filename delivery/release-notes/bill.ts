import { z } from 'zod';
import { readJson } from './json-file';

/** What an image is made of, summed up. */
export interface BillSummary {
  readonly components: number;
  /** Components by their licence, the most frequent first; `unknown` for those that name none. */
  readonly licences: readonly (readonly [licence: string, components: number])[];
}

const licence = z.union([
  z.object({ license: z.object({ id: z.string().optional(), name: z.string().optional() }) }),
  z.object({ expression: z.string() }),
]);
const bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.object({ type: z.string(), licenses: z.array(licence).optional() })).optional(),
});

/**
 * A bill of materials in CycloneDX, as syft writes it.
 *
 * @throws Error in one line if it is none
 */
export function readBill(file: string, text: string): BillSummary {
  const { components = [] } = readJson(bill, file, text, 'a CycloneDX bill of materials');
  // Files are parts of packages, which are counted themselves.
  const parts = components.filter(({ type }) => type !== 'file');
  const counts = new Map<string, number>();
  for (const { licenses = [] } of parts)
    for (const name of licenses.length > 0 ? licenses.map(nameOf) : ['unknown'])
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return { components: parts.length, licences: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)) };
}

function nameOf(given: z.infer<typeof licence>): string {
  if ('expression' in given) return given.expression;
  return given.license.id ?? given.license.name ?? 'unknown';
}
