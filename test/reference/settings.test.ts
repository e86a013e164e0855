import { describe, expect, test } from '@jest/globals';
import { list, oneOf, optional, readSettings, secrets, text, url, whole, withDefault } from '../../reference/settings';

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
