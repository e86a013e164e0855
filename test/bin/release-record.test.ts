import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { writeBuilt } from '../../bin/release-record/built';
import { baseIn } from '../../bin/release-record/provenance';
import { schemaOf, writeRecord } from '../../bin/release-record/record';

const DIGEST = `sha256:${'a'.repeat(64)}`;

/** A folder as the build leaves it. */
function build(files: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'record-'));
  for (const name of ['work', 'record', 'migrations']) mkdirSync(join(folder, name));
  const left = {
    'work/edge.ref': `444.dkr.ecr.ap-southeast-1.amazonaws.com/coach/edge@${DIGEST}\n`,
    'work/expected.json': '{"ai":"beef"}',
    'work/before': 'reference/migrations/0001_expand_accounts.sql\n',
    'work/base': 'node:24-alpine@sha256:cafe\n',
    'migrations/0001_expand_accounts.sql': '',
    'migrations/0002_backfill_names.sql': '',
    ...files,
  };
  for (const [path, text] of Object.entries(left)) writeFileSync(join(folder, path), text);
  const at = (name: string) => join(folder, name);
  const options = { work: at('work'), record: at('record'), migrations: at('migrations') };
  const read = (file: string) => JSON.parse(readFileSync(join(folder, 'record', file), 'utf8'));
  return { read, write: () => writeRecord({ release: 'v2', commit: 'c0ffee', build: 'images:1', ...options }) };
}

test('a release is its digests, what it promises of its fixtures, and what it does to the schema', () => {
  const { read, write } = build();

  write();

  expect(read('release.json')).toEqual({
    ...{ id: 'v2', gitTag: 'v2', digests: { edge: DIGEST }, expected: { ai: 'beef' } },
    schema: { migration: 'backfill', version: '0002_backfill_names' },
  });
  expect(read('migrations.json')).toEqual(['0001_expand_accounts', '0002_backfill_names']);
});

test('the provenance names commit, base and the run that built it', () => {
  const { read, write } = build();

  write();

  const { buildDefinition, runDetails } = read('provenance.json');
  expect(buildDefinition.resolvedDependencies.map(({ digest }: { digest: object }) => digest)).toEqual([
    { gitCommit: 'c0ffee' },
    { sha256: 'cafe' },
  ]);
  expect(runDetails.metadata.invocationId).toBe('images:1');
});

test('the base of an image that an earlier run built is the one its provenance says', () => {
  const attested = (dependencies: object) => {
    const statement = { predicate: { buildDefinition: { resolvedDependencies: dependencies } } };
    return JSON.stringify({ payload: Buffer.from(JSON.stringify(statement)).toString('base64') });
  };
  const known = attested([{ uri: 'git+repository' }, { uri: 'pkg:docker/node:24', digest: { sha256: 'cafe' } }]);

  expect(baseIn(`${known}\n${known}\n`)).toBe('node:24@sha256:cafe');
  expect(() => baseIn(attested([{ uri: 'git+repository' }]))).toThrow(
    'provenance: expected the image it was built on, got none; delete its images from the registry and build again',
  );
});

test('an image without a digest is refused', () => {
  const { write } = build({ 'work/edge.ref': 'coach/edge:v2\n' });

  expect(write).toThrow(/edge\.ref: expected <repository>@sha256:<digest>, got coach\/edge:v2; run the build again$/);
});

describe('the level of a release', () => {
  test.each([
    [['0001_expand_a'], ['0001_expand_a'], { migration: 'none', version: '0001_expand_a' }],
    [['0001_expand_a', '0002_contract_b'], ['0001_expand_a'], { migration: 'contract', version: '0002_contract_b' }],
    [['0001_backfill_a', '0002_expand_b'], [], { migration: 'backfill', version: '0002_expand_b' }],
    [[], [], { migration: 'none', version: '' }],
  ])('of %j after %j', (names, before, level) => {
    expect(schemaOf(names, before)).toEqual(level);
  });

  test('a migration that does not say its level is refused', () => {
    expect(() => schemaOf(['0003_add'], [])).toThrow(
      '0003_add.sql: expected NNNN_(expand|backfill|contract)_name.sql, got 0003_add.sql; rename it',
    );
  });
});

describe('what the notes will tell of a build', () => {
  function repository() {
    const folder = mkdtempSync(join(tmpdir(), 'built-'));
    const git = (...args: readonly string[]) => {
      const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'tag.gpgsign=false'];
      const { status, stdout, stderr } = spawnSync('git', [...who, '-C', folder, ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return stdout.trim();
    };
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', 'First');
    git('tag', 'v1');
    git('commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', 'Faster login');
    for (const part of ['sbom', 'scans']) mkdirSync(join(folder, part));
    const bill = { bomFormat: 'CycloneDX', components: [{ type: 'library', licenses: [{ license: { id: 'MIT' } }] }] };
    writeFileSync(join(folder, 'sbom', 'edge.json'), JSON.stringify(bill));
    const match = { vulnerability: { id: 'CVE-1', severity: 'High' }, artifact: { name: 'zlib' } };
    writeFileSync(join(folder, 'scans', 'edge.json'), JSON.stringify({ matches: [match] }));
    return { folder, commit: git('rev-parse', 'HEAD') };
  }

  test('is its commits since the tag before, and of each image what it is made of and what was found in it', async () => {
    const { folder, commit } = repository();
    await writeBuilt({ repository: folder, record: folder, commit, since: 'v1' });

    const built = JSON.parse(readFileSync(join(folder, 'built.json'), 'utf8'));
    expect(built.commits).toEqual([{ id: commit, author: 'Ana', subject: 'Faster login' }]);
    expect(built.bills).toEqual({ edge: { components: 1, licences: [['MIT', 1]] } });
    expect(built.scans.edge.counts.high).toBe(1);
  });

  test('is every commit where nothing was released yet', async () => {
    const { folder, commit } = repository();
    await writeBuilt({ repository: folder, record: folder, commit });

    const { commits } = JSON.parse(readFileSync(join(folder, 'built.json'), 'utf8'));
    expect(commits.map(({ subject }: { subject: string }) => subject)).toEqual(['Faster login', 'First']);
  });
});
