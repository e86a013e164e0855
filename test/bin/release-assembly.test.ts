import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { fetchAssembly } from '../../bin/release/assembly';
import { placeOf } from '../../bin/release/place';
import { ledgerFolder } from '../../rehearsal/ports/ledger-folder';

/** A template with a container of a release, and one without. */
const bearing = (release: string) =>
  JSON.stringify({
    Resources: {
      Task: { Properties: { ContainerDefinitions: [{ Environment: [{ Name: 'RELEASE_ID', Value: release }] }] } },
    },
  });
const STORED: Readonly<Record<string, string>> = {
  'manifest.json': '{"version":"55.0.0"}',
  'coach-prod-edge.template.json': bearing('v7'),
  'coach-prod-core.template.json': bearing('v7'),
  'coach-prod-network.template.json': '{"Resources":{}}',
  'asset.0123/index.mjs': 'code of another stack',
};

let folder: string;
let written: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  written = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += text;
    return true;
  });
  const store = ledgerFolder(join(folder, 'ledger'));
  await store.put('system/stable.json', '{"id":"v7"}');
  for (const [file, text] of Object.entries(STORED)) await store.put(`releases/v7/assembly/${file}`, text);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function fetched(release: string, more: object = {}) {
  const flags = { ledger: join(folder, 'ledger'), output: join(folder, 'fetched'), system: 'coach', ...more };
  return fetchAssembly(flags, release);
}

test('the stored assembly of a release comes back as it was, and says how its configuration is deployed again', async () => {
  await fetched('v7');

  expect(written.replaceAll(folder, '')).toBe(
    '/fetched: 2 stacks as v7 was deployed; when it serves everybody again, as after break-glass, its configuration comes back with\n' +
      '  npx cdk deploy --app /fetched --exclusively --concurrency 6 coach-prod-core coach-prod-edge\n',
  );
  const files = readdirSync(join(folder, 'fetched'));
  expect(files).toEqual(
    Object.keys(STORED)
      .filter((file) => !file.includes('/'))
      .sort(),
  );
  for (const file of files) expect(readFileSync(join(folder, 'fetched', file), 'utf8')).toBe(STORED[file]);
});

test('the same is told as JSON', async () => {
  await fetched('v7', { json: true });

  expect(JSON.parse(written)).toEqual({
    ...{ release: 'v7', folder: join(folder, 'fetched'), stacks: ['coach-prod-core', 'coach-prod-edge'] },
  });
});

test('nothing is written over, and a release without one is named', async () => {
  await fetched('v7');

  await expect(fetched('v7')).rejects.toThrow(
    /\/fetched: expected an empty folder, or none, got one with files in it; name another with --output$/,
  );
  await expect(fetched('v8')).rejects.toThrow(
    'releases/v8/assembly/: expected the assembly that its build stored, got 0 files of it; see history',
  );
});

test('a ledger that somebody has written into by hand is named, with the file', async () => {
  const store = ledgerFolder(join(folder, 'ledger'));
  await store.put('system/stable.json', 'v7');
  const place = await placeOf({ ledger: join(folder, 'ledger'), system: 'coach' });

  await expect(place.ledger.stable()).rejects.toThrow(
    /\/ledger\/system\/stable\.json: expected JSON, got ".*"; put an earlier version of it back$/,
  );
});
