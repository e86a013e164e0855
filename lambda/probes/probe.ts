import type { ProbeConfig } from '../../lib/model/system';
import { sampleDelivery } from './delivery';
import { sampleFixture } from './fixture';
import { sampleHealth, sampleHttp } from './http';
import { sampleJob } from './job';
import type { Sample } from './sample';
import type { Visit } from './visit';

/** Probes that make samples of their own; the others count what these did, or what users do. */
export type ActiveProbe = Exclude<ProbeConfig, { readonly kind: 'success' | 'traffic' }>;

/** Take one sample. Never throws. */
export function takeSample(probe: ActiveProbe, visit: Visit): Promise<Sample> {
  switch (probe.kind) {
    case 'http':
      return sampleHttp(probe, visit);
    case 'health':
      return sampleHealth(probe, visit);
    case 'delivery':
      return sampleDelivery(probe, visit);
    case 'job':
      return sampleJob(probe, visit);
    case 'fixture':
      return sampleFixture(probe, visit);
  }
}

export function isActive(probe: ProbeConfig): probe is ActiveProbe {
  return probe.kind !== 'success' && probe.kind !== 'traffic';
}
