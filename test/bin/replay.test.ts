import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { finalBakeOf } from '../../bin/replay/final-bake';
import { compare } from '../../bin/replay/recorded';
import { evidenceTable, finalBakeTable, verdictTable } from '../../bin/replay/table';
import { judge, judgeFinalBake } from '../../lambda/gate/judge';
import { writeRecording } from '../../lambda/gate/minutes-file';
import { replay } from '../../lambda/gate/replay';
import { DEFAULT_PLAN } from '../../lib/model/gate-defaults';
import { DEFAULT_PLAN_V1 } from '../../lib/model/gate-defaults-v1';
import type { Minute, Plan, RateEvidence } from '../../lib/model/gate-plan';
import { cleanBut, pair } from '../support/minutes';

const PLAN: Plan = { ...DEFAULT_PLAN, release: 'v1.4.0', stable: 'v1.3.2' };
const MINUTES = cleanBut(9, (minute) => ({ login: pair(minute > 3 ? 6 : 0, 0) }));
/** Promoted in minute 30; half of login fails from the second minute of the final bake on. */
const BAKE = cleanBut(42, (minute) => ({ login: minute > 31 ? pair(30, 0, 60, 0) : pair(0, 0) }));
const HEADER = {
  format: 'minutes',
  version: 1,
  release: 'v1.4.0',
  stable: 'v1.3.2',
  startedAt: '2026-03-01T10:00:05.000Z',
} as const;

test('a replay shows each minute up to the final one, and why it was', () => {
  const lines = verdictTable(PLAN, replay(PLAN, MINUTES)).split('\n');
  expect(lines.slice(1, -3).map((line) => line.trim().split(/\s+/)[0])).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
  ]);
  expect(lines.at(-4)).toMatch(/█{24} {2}3 of 5 {5}rollback EVIDENCE login$/);
  expect(lines.slice(-2)).toEqual([
    'rollback EVIDENCE login in minute 8',
    'login: 30 of 160 in breach on the canary against 0 of 160 on the stable; E = 144, limit 100; decided in minute 8',
  ]);
});

describe('the final bake', () => {
  const shown = (minutes: readonly Minute[]) => finalBakeOf(PLAN, minutes, judge(PLAN, minutes));

  test('is shown minute by minute, and that the promotion stands', () => {
    const table = finalBakeTable(PLAN, shown(BAKE.slice(0, 33))!);
    expect(table).toMatch(/^final bake\n {4}31 .*\n {4}32 .*\n {4}33 .*\n\nthe promotion stands by minute 33$/);
  });

  test('ends with what takes the promotion back', () => {
    const table = finalBakeTable(PLAN, shown(BAKE)!);
    expect(table).toMatch(
      /\n {4}40 .* █{24}\n\ntaken back: rollback EVIDENCE login in minute 40\nlogin: 270 of 1160 in breach on the canary against 0 of 620 on the stable; E = 274, limit 100; decided in minute 40$/,
    );
  });

  test.each([
    ['before the promotion', PLAN, BAKE.slice(0, 29)],
    ['in the minute of the promotion', PLAN, BAKE.slice(0, 30)],
    ['in a plan of version 1', { ...DEFAULT_PLAN_V1, release: 'v1.4.0', stable: 'v1.3.2' } as Plan, BAKE],
  ])('is not shown %s', (_, plan, minutes) => {
    expect(finalBakeOf(plan, minutes, judge(plan, minutes))).toBeUndefined();
  });
});

describe('a replayed verdict', () => {
  const told = (judged: object) => JSON.stringify({ by: 'judge', judged });

  test('agrees with the one that an older version recorded, which tells less of the evidence', () => {
    const { evidence, ...judged } = judge(PLAN, MINUTES);
    const { burnIn: _, unmuted: __, ...login } = evidence.probes.login as RateEvidence;
    const older = told({ ...judged, evidence: { ...evidence, probes: { login } } });
    expect(compare(older, judge(PLAN, MINUTES))).toEqual({ agrees: true, words: 'the same verdict, to the last bit' });
  });

  test('agrees whatever the order of its fields', () => {
    const { evidence, verdict, ...judged } = judge(PLAN, MINUTES);
    expect(compare(told({ evidence, ...judged, verdict }), judge(PLAN, MINUTES)).agrees).toBe(true);
  });

  test('differs if a single bit of its evidence does', () => {
    const { evidence, ...judged } = judge(PLAN, MINUTES);
    const other = { ...evidence, lnE: evidence.lnE * (1 + Number.EPSILON) };
    expect(compare(told({ ...judged, evidence: other }), judge(PLAN, MINUTES)).agrees).toBe(false);
  });

  test('differs from a recall that its minutes do not show', () => {
    const { agrees, words } = compare(told(judgeFinalBake(PLAN, BAKE, 30)!), undefined);
    expect(agrees).toBe(false);
    expect(words).toMatch(
      /^expected what was recorded, rollback EVIDENCE login in minute 40 with ln E = [\d.]+; got nothing; the recording, the plan or the verdict was changed since$/,
    );
  });

  test('is held against nothing that is no verdict', () => {
    expect(compare('[', judge(PLAN, MINUTES))).toEqual({
      agrees: false,
      words: 'expected a verdict as one object of JSON; copy it from the ledger again',
    });
  });
});

test('an explanation shows the evidence of every probe', () => {
  const table = evidenceTable(judge(PLAN, MINUTES).evidence);
  for (const { id } of PLAN.probes) expect(table).toContain(`\n    ${id}`);
  expect(table).toContain('30/120');
  expect(table).toContain('condemning minutes: none');
});

describe('npm run replay', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-replay-'));
    writeFileSync(join(folder, 'minutes.ndjson'), writeRecording({ header: HEADER, minutes: MINUTES }));
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(PLAN));
    writeFileSync(join(folder, 'lenient.json'), JSON.stringify({ ...PLAN, alpha: 1e-30 }));
    writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...PLAN, release: 'v1.5.0' }));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  function run(...args: readonly string[]) {
    const { stdout, stderr, status } = spawnSync('node', ['bin/run.mjs', 'replay', ...args], { encoding: 'utf8' });
    return { stdout, stderr: stderr.replaceAll(folder, ''), status };
  }

  test('finds the plan beside the recording, and agrees with the verdict recorded there', () => {
    writeFileSync(join(folder, 'verdict.json'), JSON.stringify({ by: 'judge', judged: judge(PLAN, MINUTES) }));
    const { stdout, stderr, status } = run(join(folder, 'minutes.ndjson'));
    expect(stdout).toContain('rollback EVIDENCE login in minute 8');
    expect({ stderr, status }).toEqual({ stderr: '/verdict.json: the same verdict, to the last bit\n', status: 0 });
  });

  test('fails if the gate had said something else', () => {
    writeFileSync(
      join(folder, 'verdict.json'),
      JSON.stringify({ by: 'judge', judged: judge(PLAN, MINUTES.slice(0, 5)) }),
    );
    const { stderr, status } = run(join(folder, 'minutes.ndjson'));
    expect(stderr).toMatch(
      /^\/verdict\.json: expected what was recorded, extend BAKING in minute 5 .*; got rollback EVIDENCE login in minute 8 /,
    );
    expect(status).toBe(1);
  });

  test('does not hold a person’s order against the minutes', () => {
    writeFileSync(join(folder, 'verdict.json'), JSON.stringify({ verdict: 'rollback', by: 'order' }));
    expect(run(join(folder, 'minutes.ndjson'))).toMatchObject({
      stderr: "/verdict.json: not the judge's but a person's\n",
      status: 0,
    });
  });

  test('tries another plan, and tells all of it as JSON', () => {
    const { stdout, status } = run(join(folder, 'minutes.ndjson'), '--plan', join(folder, 'lenient.json'), '--json');
    const told = JSON.parse(stdout) as { minutes: number; verdict: { verdict: string }; verdicts: unknown[] };
    expect(told).toMatchObject({ release: 'v1.4.0', minutes: 9, verdict: { verdict: 'extend', because: 'BAKING' } });
    expect(told.verdicts).toHaveLength(9);
    expect(status).toBe(0);
  });

  test.each([
    [
      'a file that is not there',
      ['nowhere.ndjson'],
      'nowhere.ndjson: expected a file, got nothing; give the minutes.ndjson of a release\n',
    ],
    ['a folder', ['test'], 'test: expected a file, got a folder; give the minutes.ndjson of a release\n'],
    ['no file', [], "error: missing required argument 'minutes.ndjson'\n"],
    ['an option it does not have', ['x', '--why'], "error: unknown option '--why'\n"],
  ])('refuses %s in one line', (_, args, line) => {
    expect(run(...args)).toEqual({ stdout: '', stderr: line, status: 1 });
  });

  test('goes on through the final bake, and agrees with the recall recorded there', () => {
    const ledger = join(folder, 'promoted');
    mkdirSync(ledger);
    writeFileSync(join(ledger, 'minutes.ndjson'), writeRecording({ header: HEADER, minutes: BAKE }));
    writeFileSync(join(ledger, 'plan.json'), JSON.stringify(PLAN));
    writeFileSync(join(ledger, 'verdict.json'), JSON.stringify({ by: 'judge', judged: judge(PLAN, BAKE) }));
    writeFileSync(join(ledger, 'recall.json'), JSON.stringify({ by: 'judge', judged: judgeFinalBake(PLAN, BAKE, 30) }));
    const { stdout, stderr, status } = run(join(ledger, 'minutes.ndjson'));
    expect(stdout).toContain('promote CERTIFIED in minute 30\n');
    expect(stdout).toContain('taken back: rollback EVIDENCE login in minute 40\n');
    expect({ stderr, status }).toEqual({
      stderr:
        '/promoted/verdict.json: the same verdict, to the last bit\n' +
        '/promoted/recall.json: the same verdict, to the last bit\n',
      status: 0,
    });
  });

  test('refuses the plan of another release', () => {
    expect(run(join(folder, 'minutes.ndjson'), '--plan', join(folder, 'other.json'))).toEqual({
      stdout: '',
      stderr:
        '/other.json: expected a plan for v1.4.0 against v1.3.2, got one for v1.5.0 against v1.3.2; ' +
        'give the plan.json from the same folder of the ledger, or a changed copy of it\n',
      status: 1,
    });
  });
});
