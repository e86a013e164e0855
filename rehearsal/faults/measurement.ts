import type { Fault } from './fault';

export const MEASUREMENT_FAULTS: readonly Fault[] = [
  {
    name: 'prober-dead',
    sentence: 'the prober dies in minute 4, and again whenever it is started: nothing is measured any more',
    expected: { outcome: 'rolled back', because: /no data|NO_DATA|samples/i },
    environment: (environment) => environment.at(4, () => environment.killProber()),
  },
  {
    name: 'metrics-failing',
    sentence: 'CloudWatch answers every question for minutes with an error',
    expected: { outcome: 'rolled back', because: /CloudWatch/ },
    gatePorts: (ports) => ({
      ...ports,
      metrics: { ...ports.metrics, minutes: () => Promise.reject(new Error('CloudWatch: ServiceUnavailable')) },
    }),
  },
];
