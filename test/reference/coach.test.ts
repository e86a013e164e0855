import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { type Entrance, send } from '../../lambda/probes/entrance';
import { type ActiveProbe, isActive, takeSample } from '../../lambda/probes/probe';
import { type Session, sessionHeaders, signIn } from '../../lambda/probes/session';
import type { ProbeConfig } from '../../lib/model/system';
import { coach } from '../../systems/coach';
import { ACCOUNT, type CoachStage, startCoach } from './coach-stage';

let stage: CoachStage;
let entrance: Entrance;
let session: Session;

beforeAll(async () => {
  stage = await startCoach();
  entrance = { name: 'production', baseUrl: stage.url, headers: { origin: 'http://coach.test' } };
  session = (await signIn(entrance, ACCOUNT)).session!;
}, 60_000);

afterAll(() => stage?.stop(), 30_000);

function probe(id: string): ActiveProbe {
  const probes: readonly ProbeConfig[] = coach.probes;
  return probes.filter(isActive).find((candidate) => candidate.id === id)!;
}

async function rows(sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: stage.databaseUrl });
  await client.connect();
  const result = await client.query(sql, values);
  await client.end();
  return result.rows;
}

describe('the shipped probes against the reference services', () => {
  test.each(['login', 'reflect', 'import', 'ai'])('%s is well, and says which release answered', async (id) => {
    const sample = await takeSample(probe(id), { entrance, session, expected: {} });

    expect(sample).toMatchObject({ probe: id, release: 'v1', answered: true, breach: false, hard: false });
    expect(sample.attempts.every(({ release, failed }) => release === 'v1' && !failed)).toBe(true);
  });

  test('a fixture whose answer is not the one promised is a hard failure', async () => {
    const expected = { v1: { ai: '0'.repeat(64) } };

    const sample = await takeSample(probe('ai'), { entrance, session, expected });

    expect(sample).toMatchObject({ breach: true, hard: true });
  });

  test('without a session every sample is a breach, and none throws', async () => {
    for (const id of ['login', 'reflect', 'import', 'ai']) {
      const sample = await takeSample(probe(id), { entrance, session: undefined, expected: {} });
      expect(sample).toMatchObject({ probe: id, breach: true, release: 'v1' });
    }
  });

  test('where nobody answers a sample is a breach of no release', async () => {
    const nowhere: Entrance = { ...entrance, baseUrl: 'http://127.0.0.1:1' };

    for (const id of ['login', 'reflect', 'import']) {
      const sample = await takeSample(probe(id), { entrance: nowhere, session, expected: {} });
      expect(sample).toMatchObject({ breach: true, answered: false, release: undefined });
    }
  });
});

describe('the front', () => {
  test('every answer bears the release and the security headers, refusals too', async () => {
    const { status, headers } = await send(entrance, { path: '/auth/me', timeoutMs: 2_000 });

    expect(status).toBe(401);
    expect(headers.get('x-release')).toBe('v1');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('strict-transport-security')).toContain('max-age=63072000');
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(headers.get('permissions-policy')).toContain('geolocation=()');
  });

  test('a change without the session token is refused', async () => {
    const { status, body } = await send(entrance, {
      ...{ method: 'POST', path: '/imports', headers: { cookie: session.cookie }, body: { rows: 1 }, timeoutMs: 2_000 },
    });

    expect([status, body]).toEqual([403, { error: 'x-csrf-token: expected the token that signing in answered' }]);
  });

  test('a wrong password is refused without saying which part was wrong', async () => {
    const { status, body } = await send(entrance, {
      ...{ method: 'POST', path: '/auth/login', body: { user: 'nobody', password: 'x' }, timeoutMs: 5_000 },
    });

    expect([status, body]).toEqual([401, { error: 'wrong user or password' }]);
  });
});

describe('a change', () => {
  const post = (key: string, body: object) =>
    send(entrance, {
      ...{ method: 'POST', path: '/imports', body, timeoutMs: 5_000 },
      headers: { ...sessionHeaders(session), 'idempotency-key': key },
    });

  test('happens once for each key, also when asked twice at the same time', async () => {
    const key = randomUUID();

    const answers = await Promise.all([post(key, { rows: 3 }), post(key, { rows: 3 })]);

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[0].body).toEqual(answers[1].body);
    const [{ count }] = (await rows('select count(*)::int from idempotent_answers where key = $1', key)) as [
      { count: number },
    ];
    expect(count).toBe(1);
  });

  test('is refused when its key was used for another', async () => {
    const key = randomUUID();
    await post(key, { rows: 3 });

    const { status, body } = await post(key, { rows: 4 });

    expect(status).toBe(422);
    expect(body).toEqual({
      error: 'idempotency-key: expected a key of its own for each request, got one that was used for another',
    });
  });

  test('leaves an audit row that names the account and the release', async () => {
    const { body } = await post(randomUUID(), { rows: 2 });

    const found = await rows(
      'select account, action, release from audit_log where subject = $1',
      (body as { id: string }).id,
    );

    expect(found).toEqual([{ account: 'probe', action: 'import', release: 'v1' }]);
  });
});

describe('the release path', () => {
  test('a probe’s jobs go to the queue that only its release reads, whoever is canary', async () => {
    const { body } = await send(entrance, {
      ...{ method: 'POST', path: '/imports', body: { rows: 2 }, timeoutMs: 5_000 },
      headers: { ...sessionHeaders(session), 'idempotency-key': randomUUID() },
    });

    expect((body as { queue: string }).queue).toBe('import.probe.v1');
  });
});
