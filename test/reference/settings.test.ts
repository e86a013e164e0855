import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { signingKeySource } from '../../reference/identity/tokens';
import {
  COMMON,
  list,
  oneOf,
  optional,
  readSettings,
  secrets,
  text,
  url,
  whole,
  withDefault,
} from '../../reference/settings';

const READERS = {
  name: ['NAME', text],
  port: ['PORT', withDefault(8080, whole(0, 65_535))],
  home: ['HOME_URL', optional(url('http:', 'https:'))],
  auth: ['AUTH', withDefault('password', oneOf('password', 'iam'))],
  origins: ['ORIGINS', list],
  keys: ['KEYS', secrets],
} as const;

const GOOD = { NAME: 'edge', KEYS: 'new:0123456789abcdef, old:fedcba9876543210' };

test('settings are read by name, with defaults for what is not set', () => {
  expect(readSettings({ ...GOOD, ORIGINS: 'https://a.test, https://b.test', PORT: '0', AUTH: 'iam' }, READERS)).toEqual(
    {
      ...{ name: 'edge', port: 0, home: undefined, auth: 'iam', origins: ['https://a.test', 'https://b.test'] },
      keys: [
        { kid: 'new', secret: '0123456789abcdef' },
        { kid: 'old', secret: 'fedcba9876543210' },
      ],
    },
  );
});

test('every problem is named at once, and no value is repeated, as it may be a secret', () => {
  const wrong = { PORT: '70000', HOME_URL: 'ftp://hidden', AUTH: 'hidden', KEYS: 'new:hidden' };

  expect(() => readSettings(wrong, READERS)).toThrow(
    [
      'environment variable NAME: expected a value, got nothing; set it in the task definition',
      'environment variable PORT: expected a whole number from 0 to 65535, got something else; set it in the task definition',
      'environment variable HOME_URL: expected a URL that starts with http:// or https://, got something else; set it in the task definition',
      'environment variable AUTH: expected one of password, iam, got something else; set it in the task definition',
      'environment variable KEYS: expected kid:secret pairs with secrets of 16 characters or more, current first; set it in the task definition',
    ].join('\n'),
  );
});

describe('shared secrets', () => {
  test.each(['', 'v1', 'v1:short', ':0123456789abcdef', 'v1:0123456789abcdef,v2:'])('%j are none', (value) => {
    expect(() => secrets(value)).toThrow('kid:secret pairs');
  });
});

test('a level that no log has is named before the log is made', () => {
  expect(() => readSettings({ LOG_LEVEL: 'loud' }, { logLevel: COMMON.logLevel })).toThrow(
    'environment variable LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent, got something else; set it in the task definition',
  );
});

describe('the key that signs tokens', () => {
  const read = (key: string | undefined) => readSettings({ KEY: key }, { key: ['KEY', signingKeySource] });
  const pem = ({ privateKey }: { privateKey: KeyObject }) =>
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test('is one of KMS, or a private key that can make such signatures, its lines parted either way', () => {
    const own = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));

    for (const key of ['kms:alias/coach', own, own.replaceAll('\n', '\\n')]) expect(read(key)).toEqual({ key });
  });

  test.each([
    ['nothing', undefined, 'nothing'],
    ['no key', 'nonsense', 'something else'],
    ['a key of KMS without a name', 'kms:', 'something else'],
    ['a key of another curve', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' })), 'something else'],
    ['a key of another kind', pem(generateKeyPairSync('ed25519')), 'something else'],
  ])('%s is refused by its variable', (_, key, got) => {
    expect(() => read(key)).toThrow(
      `environment variable KEY: expected kms:<key id or alias>, or a private key of the curve P-256 in PEM, got ${got}; set it in the task definition`,
    );
  });
});
