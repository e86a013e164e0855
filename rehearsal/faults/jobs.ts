import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault';

export const JOB_FAULTS: readonly Fault[] = [
  {
    name: 'import-stuck',
    sentence: 'imports that the canary worker takes come to 60 % and no further',
    expected: { outcome: 'rolled back', because: /import/ },
    canary: {
      workerParts: (parts) => ({
        ...parts,
        runImport: async (_, { report }) => {
          await report(60);
          await new Promise(() => undefined);
        },
      }),
    },
  },
  {
    name: 'import-slow',
    sentence: 'imports that the canary worker takes need half as long again as they may',
    expected: { outcome: 'rolled back', because: /import/ },
    canary: {
      workerParts: (parts, { boundMs }) => ({
        ...parts,
        runImport: async (job, around) => {
          await delay(1.5 * boundMs('import'));
          await parts.runImport(job, around);
        },
      }),
    },
  },
  {
    name: 'worker-poisoned',
    sentence: 'the canary worker fails every import it takes',
    expected: { outcome: 'rolled back', because: /import/ },
    canary: {
      workerParts: (parts) => ({
        ...parts,
        runImport: () => Promise.reject(new Error('cannot read property of null')),
      }),
    },
  },
  {
    name: 'ai-drift',
    sentence: 'the canary AI rounds to five decimals instead of six, so its answers are no longer the promised ones',
    expected: { outcome: 'rolled back', because: /ai/ },
    canary: {
      aiParts: (parts) => ({
        ...parts,
        compute: (request) => {
          const indicators = parts.compute(request);
          return { ...indicators, ema: Number(indicators.ema.toFixed(5)) + 0.00001 };
        },
      }),
    },
  },
];
