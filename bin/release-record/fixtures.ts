import type { ProbeConfig } from '../../lib/model/system';

/** Bodies of the fixture probes, by probe id. */
export function fixturesOf(probes: readonly ProbeConfig[]): Readonly<Record<string, object>> {
  return Object.fromEntries(probes.flatMap((probe) => (probe.kind === 'fixture' ? [[probe.id, probe.body]] : [])));
}
