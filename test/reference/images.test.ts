import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Queues } from '../../reference/store/queue';
import { RunFolder } from '../../rehearsal/processes/run-folder';
import { freePort } from '../../rehearsal/stores/free-port';
import { startPostgres } from '../../rehearsal/stores/postgres';
import type { Store } from '../../rehearsal/stores/store';
import { composeServices, dockerStages } from './compose';

const SERVICES = ['ai', 'core', 'worker', 'edge'] as const;

let folder: string;
let run: RunFolder;
let postgres: Store;
let ports: Readonly<Record<string, number>>;
const running = new Map<string, ChildProcess>();

/** What the containers would run, with the hosts of the compose file on this machine and the queue in PostgreSQL. */
function environmentOf(service: string): NodeJS.ProcessEnv {
  const onThisMachine = (value: string) =>
    value
      .replace(/^postgresql:.*/, postgres.url)
      .replace(/^redis:.*/, postgres.url)
      .replace(/^http:\/\/(\w+):8080$/, (_, host) => `http://127.0.0.1:${ports[host]}`)
      .replace(/^file:\/pointer$/, `file:${join(folder, 'pointer')}`);
  const told = Object.entries(composeServices()[service]?.environment ?? {});
  return {
    ...{ PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(ports[service] ?? 0), LOG_LEVEL: 'warn' },
    ...{ MIGRATIONS: join(folder, 'migrations'), JWT_SIGNING_KEY: signingKey() },
    ...Object.fromEntries(told.map(([name, value]) => [name, onThisMachine(value)])),
  };
}

function signingKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function once(program: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, `${program}.mjs`)], {
    ...{ env: environmentOf(program), encoding: 'utf8', cwd: folder },
  });
  return { status, output: stdout + stderr };
}

async function start(service: string): Promise<void> {
  const child = spawn(process.execPath, [join(folder, `${service}.mjs`)], {
    ...{ env: environmentOf(service), cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  });
  running.set(service, child);
  const isReady = () =>
    fetch(`http://127.0.0.1:${ports[service]}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (child.exitCode === null && !(await isReady())) await delay(50);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coach-images-'));
  writeFileSync(join(folder, 'pointer'), 'none');
  expect(spawnSync(process.execPath, ['reference/build.mjs', folder], { encoding: 'utf8' }).stderr).toBe('');
  run = await RunFolder.create();
  postgres = await startPostgres(process.cwd(), run);
  ports = Object.fromEntries(await Promise.all(SERVICES.map(async (name) => [name, await freePort()])));
}, 60_000);

afterAll(async () => {
  for (const child of running.values()) child.kill('SIGKILL');
  await postgres?.stop();
  await run?.remove();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

describe('what the images hold', () => {
  test('migrates and seeds an empty database, and again changes nothing', async () => {
    expect(once('migrate')).toMatchObject({ status: 0, output: expect.stringContaining('0001_expand_accounts.sql') });
    expect(once('migrate')).toMatchObject({ status: 0, output: expect.stringContaining('"applied":[]') });
    expect(once('seed')).toMatchObject({ status: 0 });
    await Queues.migrate(postgres.url);
  }, 30_000);

  test('is the whole system, and its smoke test passes', async () => {
    for (const service of SERVICES) await start(service);

    const { status, output } = once('smoke');

    expect(
      output
        .trim()
        .split('\n')
        .every((line) => line.startsWith('ok ')),
    ).toBe(true);
    expect([status, output.trim().split('\n').length]).toEqual([0, 9]);
  }, 60_000);

  test('fails its smoke test by name when a part is gone', async () => {
    running.get('ai')?.kill('SIGKILL');

    const { status, output } = once('smoke');

    expect(status).toBe(1);
    expect(output).toMatch(
      /FAILED {2}an import is taken once for its key, and reaches its end: state: expected "done"/,
    );
  }, 60_000);

  test('ends by itself with exit code 0 when it is told to', async () => {
    for (const service of ['edge', 'worker', 'core']) {
      const child = running.get(service)!;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect([service, await ended]).toEqual([service, 0]);
    }
  }, 60_000);

  test('says what it was not told', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'edge.mjs')], { env: {}, encoding: 'utf8' });

    expect(status).toBe(1);
    expect(stderr).toContain(
      'environment variable RELEASE_ID: expected a value, got nothing; set it in the task definition',
    );
    expect(stderr).toContain(
      'environment variable CORE_URL: expected a URL that starts with http:// or https://, got nothing',
    );
  });
});

describe('the Dockerfile', () => {
  const stages = dockerStages();
  const programs = [...stages.keys()].filter((name) => name !== 'build' && name !== 'base');

  test('has a stage for every program, each with what the build makes and nothing else', () => {
    const made = readdirSync(folder);
    expect(programs).toEqual(['edge', 'core', 'ai', 'worker', 'migrate', 'seed', 'smoke']);
    for (const name of programs) {
      const copied = stages.get(name)!.lines.flatMap((line) => line.match(/\/out\/\S+/g) ?? []);
      expect(made).toEqual(expect.arrayContaining(copied.map((path) => path.replace('/out/', ''))));
      expect(stages.get(name)!.lines).toContain(`CMD ["node", "${name}.mjs"]`);
    }
  });

  test('runs every program on the pinned base, as nobody', () => {
    for (const name of programs) expect(stages.get(name)?.from).toBe('base');
    expect(stages.get('base')?.lines).toContain('USER 10001:10001');
    expect(stages.get('base')?.from).toBe(stages.get('build')?.from);
  });
});

describe('the compose file', () => {
  test('builds each of its programs from a stage that is there, read-only and without a capability', () => {
    const built = Object.entries(composeServices()).filter(([, { build }]) => build);

    expect(built.map(([name]) => name).sort()).toEqual(['ai', 'core', 'edge', 'migrate', 'seed', 'smoke', 'worker']);
    for (const [name, { build, read_only, cap_drop }] of built)
      expect({ build, read_only, cap_drop }).toEqual({
        ...{ build: { context: '..', dockerfile: 'reference/Dockerfile', target: name } },
        ...{ read_only: true, cap_drop: ['ALL'] },
      });
  });

  test('names everything it does not build by an exact version', () => {
    const images = Object.values(composeServices()).flatMap(({ image }) => image ?? []);

    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+(\.\d+)?-/);
  });
});
