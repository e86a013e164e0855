import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { invokeProber, type ProberCall } from '../../../lambda/prober/invocation';
import type { ProberPorts } from '../../../lambda/prober/prober';
import { smokeTest } from '../../../lambda/prober/smoke';
import type { ProberConfig } from '../../../lib/model/gate-config';
import { answer, answering, nobodysUrl, StandIn } from '../probes/stand-in';

let front: StandIn;
let core: StandIn;
let config: ProberConfig;

beforeEach(async () => {
  front = await StandIn.open(answering(200, 'v2', { status: 'up' }));
  core = await StandIn.open(answering(200, 'v2', { status: 'up' }));
  config = {
    ...{ system: 'coach', env: 'prod', minuteMs: 60_000, probes: [], productionUrl: 'http://127.0.0.1:1' },
    ...{ testUrl: front.entrance().baseUrl, innerUrls: { core: core.entrance().baseUrl } },
  };
});

afterEach(() => {
  front.close();
  core.close();
});

describe('a smoke test', () => {
  test('asks the health of the new revision by its own test rule', async () => {
    core.serve = ({ headers }, response) => answer(response, { release: `by ${headers['x-release']}`, status: 503 });

    expect(await smokeTest(config, { service: 'core', lane: 'inner' })).toEqual({
      ...{ release: 'by canary', healthy: false, detail: '503 {}' },
    });
    expect(await smokeTest(config, { service: 'edge', lane: 'front' })).toEqual({
      ...{ release: 'v2', healthy: true, detail: '200 {"status":"up"}' },
    });
    expect([core.asked, front.asked]).toEqual([['GET /health'], ['GET /health']]);
  });

  test('tries again what is transport, and never what a service answered', async () => {
    core.serve = (_, response) => {
      if (core.asked.length < 3) response.destroy();
      else answer(response, { release: 'v2' });
    };
    expect(await smokeTest(config, { service: 'core', lane: 'inner' })).toMatchObject({ release: 'v2', healthy: true });
    expect(core.asked).toHaveLength(3);

    front.serve = answering(500, 'v2');
    expect(await smokeTest(config, { service: 'edge', lane: 'front' })).toMatchObject({ healthy: false });
    expect(front.asked).toHaveLength(1);
  });

  test('of nobody says why there was no answer', async () => {
    const gone = { ...config, innerUrls: { core: await nobodysUrl() } };

    const { release, healthy, detail } = await smokeTest(gone, { service: 'core', lane: 'inner' });

    expect([release, healthy]).toEqual([undefined, false]);
    expect(detail).toContain('ECONNREFUSED');
  });

  test('of a service whose rule is unknown is an error, and never the front’s answer', async () => {
    await expect(smokeTest(config, { service: 'ai', lane: 'inner' })).rejects.toThrow(
      "innerUrls.ai: expected the URL of its test rule, got nothing; set it in the prober's config",
    );
    expect(front.asked).toEqual([]);
  });
});

describe('an invocation', () => {
  const ports: ProberPorts = {
    brief: async () => ({ live: false }),
    tick: async () => ({ minutes: 0, because: 'no release is under way', ended: true }),
    publish: async () => undefined,
    account: async () => ({ user: '', password: '' }),
    now: Date.now,
  };

  test('is a minute or a smoke test', async () => {
    expect(await invokeProber(config, ports, { call: 'minute' })).toMatchObject({ samples: 0, tick: { ended: true } });
    expect(await invokeProber(config, ports, { call: 'smoke', service: 'core', lane: 'inner' })).toMatchObject({
      ...{ release: 'v2', healthy: true },
    });
  });

  test('that is neither is an error', async () => {
    await expect(invokeProber(config, ports, {} as ProberCall)).rejects.toThrow(
      'event: expected { call: "minute" } or { call: "smoke", service, lane }, got {}',
    );
  });
});
