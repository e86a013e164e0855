import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { Flags, parseFlags, SAFEST } from '../../reference/flags/flags';
import { answerWithRelease, forwarded, opening } from '../../reference/release/contract';
import { type Health, reportHealth } from '../../reference/release/health';
import { PointerReader, parsePointer } from '../../reference/release/pointer';
import { answering, nobodysUrl, StandIn } from '../lambda/probes/stand-in';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const UNTIL = '2026-11-21T13:00:00Z';

describe('the canary pointer', () => {
  let folder: string;
  let failures: unknown[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pointer-'));
    failures = [];
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  async function reader(text?: string): Promise<PointerReader> {
    if (text !== undefined) writeFileSync(join(folder, 'canary'), text);
    const pointer = new PointerReader(`file:${join(folder, 'canary')}`, (error) => failures.push(error));
    await pointer.follow(60_000);
    pointer.stop();
    return pointer;
  }

  const CANARY = JSON.stringify({ id: 'v2', startedAt: UNTIL, expiresAt: UNTIL });

  test('names its release until it expires, and nobody else', async () => {
    const pointer = await reader(CANARY);

    expect([pointer.names('v2', NOW), pointer.names('v1', NOW), pointer.names('v2', Date.parse(UNTIL))]).toEqual([
      ...[true, false, false],
    ]);
  });

  test('makes its release open the path, and nobody else', async () => {
    const pointer = await reader(JSON.stringify({ id: 'v2', expiresAt: new Date(Date.now() + 60_000) }));

    expect([opening('v2', pointer), opening('v1', pointer)]).toEqual([{ 'x-release': 'v2' }, {}]);
  });

  test('that says none names nobody, and is known', async () => {
    const pointer = await reader('none\n');

    expect([pointer.isKnown, pointer.names('v2', NOW)]).toEqual([true, false]);
  });

  test.each([
    ['is not there', undefined],
    ['is no pointer', '{"id":7}'],
    ['is cut off', '{"id":"v2","expi'],
  ])('that %s is not known, so that the service is not ready', async (_, text) => {
    const pointer = await reader(text);

    expect([pointer.isKnown, pointer.names('v2', NOW), failures.length]).toEqual([false, false, 1]);
  });

  test('is read from a file or a parameter, and from nowhere else', () => {
    expect(() => new PointerReader('canary', () => undefined)).toThrow(
      'environment variable CANARY_POINTER: expected file:<path> or ssm:<name>; set it in the task definition',
    );
    expect(() => parsePointer('{}')).toThrow('canary pointer: expected "none" or { id, startedAt, expiresAt }');
  });
});

test('a service forwards the header that it was asked with, and invents none', () => {
  expect(forwarded({ 'x-release': 'v2', cookie: 'a' })).toEqual({ 'x-release': 'v2' });
  expect(forwarded({ cookie: 'a' })).toEqual({});
});

describe('flags', () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  let agent: StandIn;

  beforeEach(async () => {
    agent = await StandIn.open(
      answering(200, undefined, { heuristics_only: { enabled: false }, feature_binance: { enabled: true } }),
    );
  });

  afterEach(() => agent.close());

  async function flagsAt(url: string): Promise<Flags> {
    const flags = new Flags(url, log);
    await flags.follow(60_000);
    flags.stop();
    return flags;
  }

  test('are what the agent says; what it does not say is at its safest', async () => {
    const { all } = await flagsAt(agent.entrance().baseUrl);

    expect(all).toEqual({ HEURISTICS_ONLY: false, FEATURE_VENDOR_FALLBACK: false, FEATURE_BINANCE: true });
  });

  test('are at their safest when the agent is gone, fails, or talks nonsense', async () => {
    expect((await flagsAt(await nobodysUrl())).all).toEqual(SAFEST);
    agent.serve = answering(500);
    expect((await flagsAt(agent.entrance().baseUrl)).all).toEqual(SAFEST);
    agent.serve = answering(200, undefined, '<html>');
    expect((await flagsAt(agent.entrance().baseUrl)).all).toEqual(SAFEST);
    expect([null, [], { heuristics_only: { enabled: 'no' } }].map(parseFlags)).toEqual([SAFEST, SAFEST, SAFEST]);
  });

  test('fall back to their safest when the agent is lost later', async () => {
    const flags = new Flags(agent.entrance().baseUrl, log);
    await flags.follow(10);
    expect(flags.all.HEURISTICS_ONLY).toBe(false);

    agent.serve = answering(503);
    while (!flags.all.HEURISTICS_ONLY) await new Promise(setImmediate);
    flags.stop();

    expect(flags.all).toEqual(SAFEST);
  });
});

describe('health', () => {
  async function ask(
    path: string,
    changes: Partial<Health>,
  ): Promise<{ status: number; release: unknown; body: object }> {
    const app = fastify();
    answerWithRelease(app, 'v2');
    reportHealth(app, { draining: false, isReady: () => true, components: {}, release: 'v2', ...changes });
    const answer = await app.inject(path);
    return { status: answer.statusCode, release: answer.headers['x-release'], body: answer.json() };
  }

  const down = { database: () => Promise.reject(new Error('gone')), cache: async () => 'degraded' as const };

  test('tells which part is down, and is down with it', async () => {
    expect(await ask('/health', { components: down })).toEqual({
      ...{ status: 503, release: 'v2' },
      body: { status: 'down', release: 'v2', components: { database: 'down', cache: 'degraded' } },
    });
    expect(await ask('/health', { components: { cache: down.cache } })).toMatchObject({
      status: 200,
      body: { status: 'degraded' },
    });
  });

  test('a service that drains, does not know the pointer, or lacks a part takes no traffic, and lives', async () => {
    for (const changes of [{ draining: true }, { isReady: () => false }, { components: down }]) {
      expect((await ask('/readyz', changes)).status).toBe(503);
      expect((await ask('/healthz', changes)).status).toBe(200);
    }
    expect((await ask('/readyz', {})).status).toBe(200);
  });
});
