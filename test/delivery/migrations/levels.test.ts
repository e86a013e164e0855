import { describe, expect, test } from '@jest/globals';
import { checkLevels } from '../../../delivery/migrations/levels';
import type { SchemaLevel } from '../../../lib/model/release';

const MIGRATIONS = ['0001_expand_accounts', '0002_expand_full_name', '0003_backfill_full_name', '0004_contract_name'];

function at(id: string, version: string, migration: SchemaLevel['migration'] = 'none') {
  return { id, schema: { version, migration } };
}

/** A release that ships the first so many migrations. */
function shipping(count: number, migration: SchemaLevel['migration']) {
  const migrations = MIGRATIONS.slice(0, count);
  return { migrations, release: at('v9', migrations.at(-1)!, migration) };
}

describe('a release may change the schema', () => {
  test.each([
    ['by nothing', shipping(2, 'none'), '0002_expand_full_name'],
    ['by an expand', shipping(2, 'expand'), '0001_expand_accounts'],
    ['by an expand and its backfill', shipping(3, 'backfill'), '0001_expand_accounts'],
    ['by a contract alone', shipping(4, 'contract'), '0003_backfill_full_name'],
  ])('%s', (_, facts, version) => {
    expect(checkLevels({ ...facts, running: [at('v8', version)] })).toEqual([]);
  });

  test('the first time, beside nothing', () => {
    expect(checkLevels({ ...shipping(4, 'contract'), running: [] })).toEqual([]);
  });

  test('when it is older than what runs and nothing was taken away since, so that one can go back', () => {
    const running = [at('v10', '0003_backfill_full_name', 'backfill')];
    expect(checkLevels({ ...shipping(2, 'expand'), running })).toEqual([]);
  });
});

describe('a release is refused', () => {
  test('while some running release needs what its contract takes away', () => {
    const running = [at('v8', '0003_backfill_full_name'), at('v7', '0002_expand_full_name')];
    expect(checkLevels({ ...shipping(4, 'contract'), running })).toEqual([
      'v9: 0004_contract_name: expected every running release to know 0003_backfill_full_name, got v7 at 0002_expand_full_name, which needs the old schema; release the contract by itself, after a release that lives without what it drops',
    ]);
  });

  test('when it says less of itself than its migrations do', () => {
    const running = [at('v8', '0003_backfill_full_name')];
    expect(checkLevels({ ...shipping(4, 'expand'), running })).toEqual([
      'v9: schema.migration: expected "contract", got "expand"; v8 runs at 0003_backfill_full_name, and 0004_contract_name come after it',
    ]);
  });

  test('when a contract has passed it by', () => {
    const running = [at('v10', '0004_contract_name', 'contract')];
    expect(checkLevels({ ...shipping(3, 'backfill'), running })).toEqual([
      'v9: expected a release that knows 0004_contract_name, which v10 runs at, got one that ends with 0003_backfill_full_name; what it needs may be gone: build it anew on top',
    ]);
  });

  test('when it lacks a migration that was applied long ago', () => {
    const facts = { migrations: MIGRATIONS.slice(1, 3), release: at('v9', '0003_backfill_full_name', 'backfill') };
    expect(checkLevels({ ...facts, running: [at('v8', '0001_expand_accounts')] })).toEqual([
      'v9: expected a release that knows 0001_expand_accounts, which v8 runs at, got one that ends with 0003_backfill_full_name; ship every migration, also those applied long ago',
    ]);
  });

  test('when its version is not the newest it ships, or its level is none', () => {
    const release = at('v9', '0001_expand_accounts', 'shrink' as never);
    expect(checkLevels({ release, migrations: MIGRATIONS, running: [] })).toEqual([
      'v9: schema.migration: expected one of none, expand, backfill, contract, got "shrink"; name the level of its migrations',
      'v9: schema.version: expected its newest migration, 0004_contract_name, got 0001_expand_accounts; build the release again',
    ]);
  });
});
