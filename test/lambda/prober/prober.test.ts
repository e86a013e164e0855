import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Brief, TickResult } from '../../../lambda/gate/tick';
import { type ProberPorts, probeMinute } from '../../../lambda/prober/prober';
import type { ProberConfig } from '../../../lib/model/gate-config';
import { DEFAULT_PLAN } from '../../../lib/model/gate-defaults';
import type { Minute, ProbeMinute } from '../../../lib/model/gate-plan';
import { answer, nobodysUrl, StandIn } from '../probes/stand-in';

const objective = { p0: 0.05, pTol: 0.08, typical: 0.02, mustCatch: 0.1, perMinute: 20, burst: 3, weight: 1 };
const TICK: TickResult = { minutes: 1, because: 'baking', ended: false };
const ACCOUNT = { user: 'probe', password: 'secret' };

let production: StandIn;
let canary: StandIn;
let config: ProberConfig;
let brief: Brief;
/** What the prober asked of its ports, in order. */
let asked: string[];
let published: { release: string; minuteStart: number; counts: Minute['probes'] }[];

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  production = await StandIn.open((request, response) => serve('v1', request, response));
  canary = await StandIn.open((request, response) => serve('v2', request, response));
  config = {
    ...{ system: 'coach', env: 'prod', minuteMs: 100, innerUrls: {} },
    probes: [
      { id: 'login', kind: 'http', path: '/auth/me', boundMs: 5_000, objective },
      { id: 'success', kind: 'success', objective },
    ],
    ...{ productionUrl: production.entrance().baseUrl, testUrl: canary.entrance().baseUrl },
  };
  brief = {
    ...{ live: true, release: 'v2', stable: 'v1', plan: DEFAULT_PLAN, rates: { login: 6, success: 30 }, expected: {} },
  };
  asked = [];
  published = [];
});

afterEach(() => {
  production.close();
  canary.close();
});

/** Signs anybody in, and answers whoever did. */
function serve(release: string, { url, headers }: IncomingMessage, response: ServerResponse): void {
  const signIn = { release, body: { csrfToken: 't' }, headers: { 'set-cookie': 'session=1; Secure' } };
  answer(response, url === '/auth/login' ? signIn : { release, status: headers.cookie === 'session=1' ? 200 : 401 });
}

function ports(): ProberPorts {
  const note = async <T>(what: string, value: T) => {
    asked.push(what);
    return value;
  };
  return {
    brief: () => note('brief', brief),
    tick: () => note('tick', TICK),
    account: () => note('account', ACCOUNT),
    publish: async (release, minute) => {
      published.push({ release, ...minute });
      await note('publish', undefined);
    },
    now: Date.now,
  };
}

/** What was published of a probe, over all minutes in which samples ended. */
function total(probe: string): ProbeMinute {
  const sum = (of: (counts: ProbeMinute) => number) =>
    published.reduce((all, { counts }) => all + (counts[probe] ? of(counts[probe]) : 0), 0);
  const arm = (name: 'canary' | 'stable') => ({
    ...{ n: sum((c) => c[name].n), breaches: sum((c) => c[name].breaches), hard: sum((c) => c[name].hard) },
  });
  return { canary: arm('canary'), stable: arm('stable'), misrouted: sum((c) => c.misrouted) };
}

const visits = (door: StandIn) => door.asked.filter((one) => one === 'GET /auth/me').length;

test('with no release under way it measures nothing and lets the gate judge', async () => {
  brief = { live: false };

  expect(await probeMinute(config, ports())).toEqual({ release: undefined, samples: 0, tick: TICK });
  expect(asked).toEqual(['brief', 'tick']);
  expect([...production.asked, ...canary.asked]).toEqual([]);
});

test('it takes the samples that the judge asked for on both arms, publishes, and then lets the gate judge', async () => {
  const { release, tick } = await probeMinute(config, ports());

  expect([release, tick]).toEqual(['v2', TICK]);
  expect(total('login')).toEqual({
    ...{ canary: { n: 6, breaches: 0, hard: 0 }, stable: { n: 6, breaches: 0, hard: 0 }, misrouted: 0 },
  });
  expect(total('success')).toMatchObject({ canary: { n: 7, breaches: 0 }, stable: { n: 7, breaches: 0 } });
  expect(asked.slice(0, 2)).toEqual(['brief', 'account']);
  expect(asked.slice(2, -1).every((one) => one === 'publish')).toBe(true);
  expect(asked.at(-1)).toBe('tick');
  expect(published.every(({ release: of, minuteStart }) => of === 'v2' && minuteStart % 100 === 0)).toBe(true);
});

test('what the production entrance gives to the canary counts there, and is sent again for the stable', async () => {
  let visit = 0;
  production.serve = (request, response) => {
    const isTenth = request.url === '/auth/me' && visit++ === 2;
    serve(isTenth ? 'v2' : 'v1', request, response);
  };

  await probeMinute(config, ports());

  expect(total('login')).toMatchObject({ canary: { n: 7 }, stable: { n: 6 } });
});

test('a production entrance that leads to the canary alone is sent twice what is wanted, and no more', async () => {
  production.serve = (request, response) => serve('v2', request, response);

  await probeMinute(config, ports());

  expect(visits(production)).toBe(12);
  expect(visits(canary)).toBe(6);
  expect(total('login')).toMatchObject({ canary: { n: 18 }, stable: { n: 0 } });
});

test('an entrance that leads to neither release is misrouted', async () => {
  canary.serve = (request, response) => serve('v0', request, response);

  await probeMinute(config, ports());

  expect(total('login')).toMatchObject({ canary: { n: 0 }, stable: { n: 6 }, misrouted: 6 });
});

test('an account that cannot sign in, or a canary that is gone, are breaches and no errors', async () => {
  production.serve = (_, response) => answer(response, { release: 'v1', status: 401 });
  config = { ...config, testUrl: await nobodysUrl() };

  await probeMinute(config, ports());

  expect(total('login')).toMatchObject({ canary: { n: 6, breaches: 6 }, stable: { n: 6, breaches: 6 } });
  expect(total('success')).toMatchObject({ canary: { n: 7, breaches: 7 }, stable: { n: 7, breaches: 0 } });
});

test('a probe that the judge asked nothing of takes no sample', async () => {
  brief = { ...(brief as Extract<Brief, { live: true }>), rates: {} };

  await probeMinute(config, ports());

  expect(visits(production) + visits(canary)).toBe(0);
  expect(Object.keys(published[0]?.counts ?? {})).toEqual(['success']);
});

test('samples of the test entrance bear the header that opens its rule, and both the site’s origin', async () => {
  const headers: Record<string, unknown>[] = [];
  for (const door of [production, canary]) {
    door.serve = (request, response) => {
      headers.push({ release: request.headers['x-release'], origin: request.headers.origin });
      serve('v2', request, response);
    };
  }

  await probeMinute({ ...config, probes: [] }, ports());

  const origin = new URL(config.productionUrl).origin;
  expect(headers).toEqual(
    expect.arrayContaining([
      { release: undefined, origin },
      { release: 'canary', origin },
    ]),
  );
});
