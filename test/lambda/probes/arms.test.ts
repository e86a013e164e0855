import { expect, test } from '@jest/globals';
import { armOf } from '../../../lambda/probes/sample';

const ARMS = { canary: 'v2', stable: 'v1' };

test.each([
  ['v2', true, 'production', 'canary'],
  ['v2', true, 'test', 'canary'],
  ['v1', true, 'production', 'stable'],
  ['v1', true, 'test', 'stable'],
  ['v0', true, 'test', 'misrouted'],
  [undefined, true, 'production', 'misrouted'],
  [undefined, false, 'production', 'stable'],
  [undefined, false, 'test', 'canary'],
] as const)('what %s answered (%s) at the %s entrance counts for %s', (release, answered, entrance, arm) => {
  expect(armOf({ release, answered }, entrance, ARMS)).toBe(arm);
});
