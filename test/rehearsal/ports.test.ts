import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_PLAN } from '../../lib/model/gate-defaults';
import { ControllerApi } from '../../rehearsal/controller/api';
import { deploymentsOverHttp } from '../../rehearsal/ports/deployments-over-http';
import { ledgerFolder } from '../../rehearsal/ports/ledger-folder';
import { metricsFile, readSignals } from '../../rehearsal/ports/metrics-file';
import { pointerFile } from '../../rehearsal/ports/pointer-file';
import { smokeOverHttp } from '../../rehearsal/ports/smoke-over-http';
import { arm } from '../support/minutes';
import { Cluster, revision } from './controller-stage';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ports-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('of fifty writers at once exactly one gets a key, and everybody reads its text', async () => {
  const ledger = ledgerFolder(folder);
  const bodies = Array.from({ length: 50 }, (_, i) => `writer ${i} ${'x'.repeat(10_000)}`);

  const won = await Promise.all(bodies.map((body) => ledger.putIfAbsent('releases/v2/verdict.json', body)));

  expect(won.filter(Boolean)).toHaveLength(1);
  expect(await ledger.get('releases/v2/verdict.json')).toBe(bodies[won.indexOf(true)]);
  expect(readdirSync(join(folder, 'releases', 'v2'))).toEqual(['verdict.json']);
});

test('the ledger lists keys by prefix in order, and knows nothing of what was never written', async () => {
  const ledger = ledgerFolder(folder);
  await ledger.put('releases/v2/ready/core.json', 'core');
  await ledger.put('releases/v2/ready/ai.json', 'ai');
  await ledger.put('system/stable.json', 'v1');
  await ledger.put('releases/v2/ready/ai.json', 'ai again');
  writeFileSync(join(folder, 'releases', 'v2', 'ready', 'x.json.1.draft'), 'half');

  expect(await ledger.list('releases/v2/ready/')).toEqual(['releases/v2/ready/ai.json', 'releases/v2/ready/core.json']);
  expect(await ledger.get('releases/v2/ready/ai.json')).toBe('ai again');
  expect(await ledger.get('releases/v3/verdict.json')).toBeUndefined();
  expect(await ledgerFolder(join(folder, 'nowhere')).list('releases/')).toEqual([]);
});

test('a ledger that may not be written to says so', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');

  await expect(ledgerFolder(file).putIfAbsent('releases/v2/verdict.json', 'x')).rejects.toThrow('ENOTDIR');
});

test('the pointer is a JSON file or the word none', async () => {
  const pointer = pointerFile(join(folder, 'pointer'));
  const canary = { id: 'v2', startedAt: '2026-11-21T10:00:00Z', expiresAt: '2026-11-21T11:00:00Z' };

  expect(await pointer.read()).toBeUndefined();
  await pointer.write(canary);
  expect(await pointer.read()).toEqual(canary);
  await pointer.write(undefined);
  expect(await pointer.read()).toBeUndefined();
});

test('minutes start with the first whole one, close late, add up what was published in parts, and show silence as nothing', async () => {
  let now = 0;
  const metrics = metricsFile(folder, { minuteMs: 1_000, closeAfterMin: 1.5 }, () => now);
  const plan = { ...DEFAULT_PLAN, release: 'v2' };
  const counts = (n: number) => ({ login: { canary: arm(n, 1), stable: arm(n), misrouted: 1 } });
  await metrics.publish('v2', 10_000, counts(9));
  await metrics.publish('v2', 11_000, counts(20));
  await metrics.publish('v2', 11_000, counts(5));
  await metrics.publish('v2', 13_000, counts(7));
  await metrics.publish('v1', 12_000, counts(1_000));

  now = 13_499;
  expect(await metrics.minutes(plan, 10_400)).toEqual([]);
  now = 15_500;
  expect(await metrics.minutes(plan, 10_400)).toEqual([
    { minute: 1, probes: { login: { canary: arm(25, 2), stable: arm(25), misrouted: 2 } } },
    { minute: 2, probes: {} },
    { minute: 3, probes: counts(7) },
  ]);
});

test('a line of counts that is still being written is not read', async () => {
  const metrics = metricsFile(folder, { minuteMs: 1_000, closeAfterMin: 0 }, () => 2_000);
  writeFileSync(join(folder, 'v2.ndjson'), '{"minuteStart":1000,"pro');

  expect(await metrics.minutes({ ...DEFAULT_PLAN, release: 'v2' }, 1_000)).toEqual([{ minute: 1, probes: {} }]);
});

test('signals are kept in order with their time', async () => {
  const metrics = metricsFile(folder, { minuteMs: 1_000, closeAfterMin: 0 }, () => 7);
  await metrics.signal('RollbackEvidence', -2);
  await metrics.signal('ReleaseAbort', 1);

  expect(await readSignals(folder)).toEqual([
    { name: 'RollbackEvidence', value: -2, at: 7 },
    { name: 'ReleaseAbort', value: 1, at: 7 },
  ]);
  expect(existsSync(join(folder, 'signals.ndjson'))).toBe(true);
});

test('over HTTP the gate sees deployments, stops them, and scales the canary workers', async () => {
  const cluster = await Cluster.serving({});
  const api = new ControllerApi(cluster.controller);
  const port = deploymentsOverHttp(await api.listen());
  await cluster.controller.canaryWorkers.roll(revision('worker-canary', 'v2'), 0);

  const [edge] = await port.latest();
  await port.stop(edge!.arn);
  await port.scaleCanaryWorkers(1);

  expect(await port.describe(edge!.arn)).toEqual(JSON.parse(JSON.stringify(cluster.controller.describe(edge!.arn))));
  expect(edge).toMatchObject({ service: 'edge', lane: 'front', status: 'SUCCESSFUL', release: 'v1' });
  expect(await port.canaryWorkers()).toMatchObject({ desired: 1, release: 'v2' });
  await expect(port.describe('arn:none')).rejects.toThrow('ServiceDeploymentNotFoundException: arn:none');
  api.close();
  await cluster.close();
});

test('a smoke test tells which release answered and how, or why nobody did', async () => {
  const cluster = await Cluster.serving({});
  const smoke = smokeOverHttp({ edge: cluster.doors.edge!.url, gone: 'http://127.0.0.1:1' });

  expect(await smoke.ask('edge')).toEqual({ release: undefined, healthy: true, detail: '200 v1' });
  expect(await smoke.ask('gone')).toMatchObject({ release: undefined, healthy: false });
  await cluster.close();
});
