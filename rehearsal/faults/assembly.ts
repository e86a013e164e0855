import type { Fault } from './fault';

const RELEASE_HEADER = 'x-release';

export const ASSEMBLY_FAULTS: readonly Fault[] = [
  {
    name: 'crash-loop',
    sentence: 'the canary Core ends as soon as it is started',
    expected: { outcome: 'rolled back', because: /core/ },
    canary: { dies: 'core' },
  },
  {
    name: 'edge-crash-loop',
    sentence: 'the canary Edge ends as soon as it is started',
    expected: { outcome: 'rolled back', because: /edge/ },
    canary: { dies: 'edge' },
  },
  {
    name: 'worker-crash-loop',
    sentence: 'the canary worker ends as soon as it is started, so the path is never whole',
    expected: { outcome: 'rolled back', because: /worker/ },
    canary: { dies: 'worker' },
  },
  {
    name: 'header-not-echoed',
    sentence: 'the canary Edge does not say which release answers',
    expected: { outcome: 'rolled back', because: /whole|smoke|edge/ },
    canary: {
      edge: (app) => {
        app.addHook('onSend', async (_, reply) => {
          reply.removeHeader(RELEASE_HEADER);
        });
      },
    },
  },
  {
    name: 'header-forgotten',
    sentence: 'the canary Edge names its release on its health page, and nowhere else',
    expected: { outcome: 'rolled back', because: /neither|misrouted|release/i },
    canary: {
      edge: (app) => {
        app.addHook('onSend', async ({ url }, reply) => {
          if (url !== '/health') reply.removeHeader(RELEASE_HEADER);
        });
      },
    },
  },
  {
    name: 'crashes-under-way',
    sentence: 'the canary Edge is killed every other minute from minute 4 on',
    expected: { outcome: 'rolled back', because: /login|success|reflect|traffic|edge/ },
    environment: (environment) => {
      for (let minute = 4; minute < 45; minute += 2) environment.at(minute, () => environment.killTasks('edge'));
    },
  },
];
