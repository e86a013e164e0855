import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkWritable, oneOrMore, wholeNumber } from '../../bin/files';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-files-'));
  writeFileSync(join(folder, 'kept.html'), 'kept');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a file to write to', () => {
  test('is made where there is none, and left as it is where there is one', () => {
    checkWritable('--html', join(folder, 'new.html'));
    checkWritable('--html', join(folder, 'kept.html'));
    expect(existsSync(join(folder, 'new.html'))).toBe(true);
    expect(readFileSync(join(folder, 'kept.html'), 'utf8')).toBe('kept');
  });

  test('need not be named', () => {
    expect(() => checkWritable('--html', undefined)).not.toThrow();
  });

  test.each([
    ['', 'a folder'],
    ['nowhere/page.html', 'one in a folder that does not exist'],
    ['kept.html/page.html', 'one in a folder that does not exist'],
  ])('is refused before the work begins: "%s" is %s', (path, words) => {
    const file = join(folder, path);
    expect(() => checkWritable('--html', file)).toThrow(
      new Error(`--html: expected a file to write to, got ${words}: ${file}`),
    );
  });
});

describe('a number on the command line', () => {
  test.each(['x', '-1', '1.5', '', '1e3', '12345678901'])('is not "%s"', (given) => {
    expect(() => wholeNumber('--seed', given)).toThrow(new Error(`--seed: expected a whole number, got ${given}`));
  });

  test('may be none, unless at least one is needed', () => {
    expect(wholeNumber('--traffic', '0')).toBe(0);
    expect(oneOrMore('--runs', '1')).toBe(1);
    expect(() => oneOrMore('--runs', '0')).toThrow(new Error('--runs: expected a whole number from 1 on, got 0'));
  });
});
