import { breakDown, slowDown } from './disturbing';
import type { Fault } from './fault';

/** What the login probe asks, at the Edge and at the Core behind it. */
const AT_EDGE = '/auth/me';
const AT_CORE = '/users/me';
/** Well over the bound, so that it is the share of slow requests that is tested and not how slow they are. */
const OVER_THE_BOUND = 1.6;

export const SIGN_IN_FAULTS: readonly Fault[] = [
  {
    name: 'slow-login',
    sentence: '12 % of sign-in checks take longer than their bound, on the canary Edge',
    expected: { outcome: 'rolled back', because: /login/ },
    canary: {
      edge: (app, { boundMs, random }) =>
        slowDown(app, AT_EDGE, () => (random() < 0.12 ? OVER_THE_BOUND * boundMs('login') : 0)),
    },
  },
  {
    name: 'login-errors',
    sentence: '10 % of sign-in checks answer 500, on the canary Edge',
    expected: { outcome: 'rolled back', because: /login|success|traffic/ },
    canary: { edge: (app, { random }) => breakDown(app, AT_EDGE, () => random() < 0.1) },
  },
  {
    name: 'slow-core',
    sentence:
      'a quarter of account lookups is slow, in the canary Core alone, which nobody reaches but through the canary Edge',
    expected: { outcome: 'rolled back', because: /login/ },
    canary: {
      core: (app, { boundMs, random }) =>
        slowDown(app, AT_CORE, () => (random() < 0.25 ? OVER_THE_BOUND * boundMs('login') : 0)),
    },
  },
  {
    name: 'slow-from-minute-15',
    sentence: 'the canary is well for 15 minutes, then a third of its sign-in checks is slow',
    expected: { outcome: 'rolled back', because: /login/ },
    canary: {
      edge: (app, { boundMs, random, age }) =>
        slowDown(app, AT_EDGE, () => (age() >= 15 && random() < 0.33 ? OVER_THE_BOUND * boundMs('login') : 0)),
    },
  },
  {
    name: 'core-hangs',
    sentence: 'a third of account lookups in the canary Core is never answered',
    expected: { outcome: 'rolled back', because: /login|success|traffic/ },
    canary: { core: (app, { random }) => slowDown(app, AT_CORE, () => (random() < 0.33 ? NEVER_MS : 0)) },
  },
  {
    name: 'cold-start',
    sentence: '30 % of sign-in checks are slow in the first two minutes, as with a cold cache, and none from then on',
    expected: { outcome: 'promoted', because: /./ },
    canary: {
      edge: (app, { boundMs, age, random }) => {
        let first: number | undefined;
        slowDown(app, AT_EDGE, () => {
          first ??= age();
          return age() - first < 2 && random() < 0.3 ? OVER_THE_BOUND * boundMs('login') : 0;
        });
      },
    },
  },
];

/** Longer than any caller waits. */
const NEVER_MS = 60_000;
