import { expect, test } from '@jest/globals';
import { type Reported, summary } from '../../bin/rehearse/summary';
import { faultNamed } from '../../rehearsal/faults/faults';

function result(name: string, outcome: Reported['outcome'], minute: number): Reported {
  const fault = faultNamed(name);
  return {
    ...{ release: 'v2', fault, outcome, minute, because: 'so it is', report: `${name}.html` },
    asExpected: outcome === fault.expected.outcome,
    felt: { actions: 1, failed: 0 },
    facts: { timeline: [], traffic: [] },
  };
}

test('each release has a line, and one that ended otherwise says what was expected', () => {
  const results = [
    result('good', 'promoted', 30),
    result('slow-login', 'promoted', 30),
    result('crash-loop', 'rolled back', 0),
  ];

  expect(summary(results, { aa: false })).toEqual([
    '✓ good        promoted in minute 30  good.html',
    '✗ slow-login  promoted in minute 30, expected rolled back  slow-login.html',
    '✓ crash-loop  rolled back  crash-loop.html',
  ]);
});

test('after an A/A rehearsal the rate of false rollbacks has its interval', () => {
  const results = Array.from({ length: 20 }, () => result('good', 'promoted', 30));

  expect(summary(results, { aa: true }).at(-1)).toBe(
    '0 of 20 good releases went back; the rate lies within 0 % to 16.8 % with 95 %',
  );
});
