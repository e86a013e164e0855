import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readBill } from '../../../delivery/release-notes/bill';
import { chatMessage, chatText } from '../../../delivery/release-notes/chat';
import { commitsBetween } from '../../../delivery/release-notes/commits';
import { markdown } from '../../../delivery/release-notes/markdown';
import { keepNotes, type Notes, notesOf } from '../../../delivery/release-notes/notes';
import { readScan } from '../../../delivery/release-notes/scan';
import { GateWorld, slowMinutes } from '../../support/gate-world';

const BILL = JSON.stringify({
  ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
  components: [
    { type: 'library', name: 'fastify', version: '5.12.8', licenses: [{ license: { id: 'MIT' } }] },
    { type: 'library', name: 'pg', licenses: [{ license: { name: 'MIT' } }] },
    { type: 'operating-system', name: 'debian', licenses: [{ expression: 'GPL-2.0-only OR MIT' }] },
    { type: 'library', name: 'mystery' },
    { type: 'file', name: '/etc/passwd' },
  ],
});

function match(id: string, severity: string, name: string, versions: readonly string[] = []) {
  const fix = { state: versions.length > 0 ? 'fixed' : 'not-fixed', versions };
  return { vulnerability: { id, severity, fix }, artifact: { name, version: '1.0' } };
}

const SCAN = JSON.stringify({
  matches: [
    match('CVE-2026-2', 'High', 'zlib'),
    match('CVE-2026-3', 'High', 'openssl', ['1.1']),
    match('CVE-2026-3', 'High', 'openssl', ['1.1']),
    match('CVE-2026-1', 'Critical', 'glibc', ['2.0']),
    match('CVE-2026-9', 'Negligible', 'bash'),
    match('CVE-2026-8', 'Strange', 'perl'),
  ],
});

describe('what tools say of an image', () => {
  test('a bill of materials is counted by packages and licences', () => {
    expect(readBill('edge.json', BILL)).toEqual({
      components: 4,
      licences: [
        ['MIT', 2],
        ['GPL-2.0-only OR MIT', 1],
        ['unknown', 1],
      ],
    });
  });

  test('a scan is counted by severity, the worst that can be mended first', () => {
    const { counts, worst } = readScan('edge.json', SCAN);
    expect(counts).toEqual({ critical: 1, high: 2, medium: 0, low: 0, negligible: 1, unknown: 1 });
    expect(worst).toEqual([
      { id: 'CVE-2026-1', severity: 'critical', in: 'glibc 1.0', fixedIn: '2.0' },
      { id: 'CVE-2026-3', severity: 'high', in: 'openssl 1.0', fixedIn: '1.1' },
      { id: 'CVE-2026-2', severity: 'high', in: 'zlib 1.0', fixedIn: undefined },
    ]);
  });

  test.each([
    [
      'no JSON',
      () => readBill('b.json', '<xml/>'),
      "b.json: expected a CycloneDX bill of materials, got no JSON; give the tool's own JSON",
    ],
    [
      'another format',
      () => readBill('b.json', '{"bomFormat":"SPDX"}'),
      'b.json: expected a CycloneDX bill of materials, got another JSON at bomFormat: Invalid input: expected "CycloneDX"; give the tool\'s own JSON',
    ],
    [
      'another answer',
      () => readScan('s.json', '{"matches":[{}]}'),
      "s.json: expected what grype answers with -o json, got another JSON at matches.0.vulnerability: Invalid input: expected object, received undefined; give the tool's own JSON",
    ],
  ])('is refused in one line if it is %s', (_, read, message) => {
    expect(read).toThrow(message);
  });
});

describe('commits', () => {
  let repository: string;
  const git = (...args: readonly string[]) =>
    execFileSync('git', [
      '-C',
      repository,
      '-c',
      'user.name=Ann Lee',
      '-c',
      'user.email=a@b.c',
      '-c',
      'commit.gpgsign=false',
      ...args,
    ]);

  beforeAll(() => {
    repository = mkdtempSync(join(tmpdir(), 'sluice-repository-'));
    git('init', '--quiet', '--initial-branch=main');
    for (const [subject, tag] of [
      ['First', 'v1'],
      ['Second | thing', undefined],
      ['Third', 'v2'],
    ] as const) {
      writeFileSync(join(repository, 'file'), subject);
      git('add', '.');
      git('commit', '--quiet', '-m', subject);
      if (tag) git('tag', tag);
    }
  });

  afterAll(() => rmSync(repository, { recursive: true }));

  test('are those since the release before, the newest first', async () => {
    const commits = await commitsBetween(repository, 'v1', 'v2');
    expect(commits.map(({ author, subject }) => [author, subject])).toEqual([
      ['Ann Lee', 'Third'],
      ['Ann Lee', 'Second | thing'],
    ]);
    expect(commits[0]?.id).toMatch(/^[0-9a-f]{40}$/);
    expect(await commitsBetween(repository, undefined, 'v1')).toHaveLength(1);
  });

  test('of a tag that is not there are an error in one line, and a tag is never an option', async () => {
    await expect(commitsBetween(repository, 'v0', 'v2')).rejects.toThrow(
      `${repository}: expected commits of v0..v2, got "fatal: bad revision 'v0..v2'"; fetch the tags of the whole history, or leave commits out`,
    );
    await expect(commitsBetween(repository, undefined, '--output=/tmp/stolen')).rejects.toThrow('fatal: bad revision');
  });
});

describe('the notes of a release', () => {
  let world: GateWorld;

  beforeEach(async () => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    world = await GateWorld.withStable();
    await world.start();
    world.minutes = slowMinutes(6, 8);
    await world.gate().tick();
  });

  function notes(subject = 'Faster login'): Promise<Notes> {
    return notesOf(world.ledger, world.store, 'v2', {
      commits: [{ id: 'a'.repeat(40), author: 'Ann', subject }],
      bills: { edge: readBill('edge.json', BILL) },
      scans: { edge: readScan('edge.json', SCAN) },
    });
  }

  test('tell what it brought, what it is made of, and what became of it', async () => {
    const because = (await world.ledger.verdict('v2'))!.because.replace(/[()<>]/g, '\\$&');
    expect(markdown(await notes())).toBe(`# v2: being rolled back

${because}

## Changes since v1

- \`aaaaaaaaaa\` Faster login (Ann)

## Schema

No migration, at \`0003\`.

## Images

| Service | Digest | Made of | Known vulnerabilities |
| --- | --- | --- | --- |
| edge | \`sha256:edge-v2\` | 4 components (MIT 2, GPL-2.0-only OR MIT 1, unknown 1) | 1 critical, 2 high, 1 negligible, 1 unknown |
| core | \`sha256:core-v2\` | not told | not scanned |

## Vulnerabilities to look at

- CVE-2026-1 (critical) in glibc 1.0 of edge, mended in 2.0
- CVE-2026-3 (high) in openssl 1.0 of edge, mended in 1.1
- CVE-2026-2 (high) in zlib 1.0 of edge, no fix yet
`);
  });

  test('are short for a chat', async () => {
    expect(chatText(await notes()).split('\n')).toEqual([
      'v2: being rolled back',
      expect.stringMatching(/^login: \d+ of \d+ in breach on the canary/),
      '1 commit since v1, the newest: Faster login',
      'vulnerabilities: 1 critical, 2 high, 1 negligible, 1 unknown',
    ]);
    expect(JSON.parse(chatMessage(await notes()))).toMatchObject({
      ...{ version: '1.0', source: 'custom', id: 'v2' },
      content: { textType: 'client-markdown', title: 'v2: being rolled back' },
    });
  });

  test('call nobody and format nothing by what a commit says', async () => {
    const bad = await notes('<!channel> @here [x](http://evil) `rm` | **bold**\nsecond line');
    expect(markdown(bad)).toContain(
      '\\<\\!channel\\> \\@here \\[x\\]\\(http://evil\\) \\`rm\\` \\| \\*\\*bold\\*\\* second line (Ann)',
    );
    expect(chatText(bad)).toContain('!channel @\u200bhere [x](http://evil)');
  });

  test('are kept in the ledger, for readers, for a chat and as data', async () => {
    await keepNotes(world.store, await notes());
    expect(await world.store.list('releases/v2/notes')).toEqual([
      ...['releases/v2/notes.chat.json', 'releases/v2/notes.json', 'releases/v2/notes.md'],
    ]);
  });

  test('need a release that the ledger knows', async () => {
    await expect(notesOf(world.ledger, world.store, 'v9', { commits: [], bills: {}, scans: {} })).rejects.toThrow(
      'notes: expected a release in the ledger, got v9; see history',
    );
  });
});
