import { describe, expect, test } from '@jest/globals';
import { type AnalysisMetric, analysisPhase, type Measurement } from '../../../bench/gate/peers/argo-analysis';
import { advanceCanary, type CanaryPhase } from '../../../bench/gate/peers/flagger-analysis';

const times = (count: number, measurement: Measurement) => Array.from({ length: count }, () => measurement);

// https://argo-rollouts.readthedocs.io/en/stable/features/analysis/ and the project's analysis_test.go
describe('a metric of an Argo analysis run', () => {
  test.each<[string, AnalysisMetric, Measurement[], readonly [running: string, ended: string]]>([
    ['without a measurement', {}, [], ['Pending', 'Successful']],
    ['over its failure limit', { failureLimit: 2 }, times(3, 'Failed'), ['Failed', 'Failed']],
    ['at its failure limit', { failureLimit: 3 }, times(3, 'Failed'), ['Running', 'Successful']],
    [
      'over its inconclusive limit',
      { inconclusiveLimit: 2 },
      times(3, 'Inconclusive'),
      ['Inconclusive', 'Inconclusive'],
    ],
    ['at its inconclusive limit', { inconclusiveLimit: 3 }, times(3, 'Inconclusive'), ['Running', 'Successful']],
    ['with five errors in a row, one over the default', {}, times(5, 'Error'), ['Error', 'Error']],
    ['with four', {}, times(4, 'Error'), ['Running', 'Successful']],
    ['at its count', { count: 10 }, times(10, 'Successful'), ['Successful', 'Successful']],
    [
      'at its count, some of it inconclusive',
      { count: 10 },
      [...times(5, 'Successful'), ...times(5, 'Inconclusive')],
      ['Inconclusive', 'Inconclusive'],
    ],
    ['with one failure, by default', {}, ['Successful', 'Failed'], ['Failed', 'Failed']],
  ])('%s', (_, metric, measurements, [running, ended]) => {
    expect(analysisPhase(metric, measurements, false)).toBe(running);
    expect(analysisPhase(metric, measurements, true)).toBe(ended);
  });

  test('counts failures in total, however many successes lie between them', () => {
    const measurements = Array.from({ length: 30 }, (_, i): Measurement => (i % 8 === 0 ? 'Failed' : 'Successful'));
    expect(analysisPhase({ failureLimit: 3 }, measurements.slice(0, 24), false)).toBe('Running');
    expect(analysisPhase({ failureLimit: 3 }, measurements.slice(0, 25), false)).toBe('Failed');
  });

  test('counts errors in a row only, and none towards its count', () => {
    const interrupted: Measurement[] = [...times(4, 'Error'), 'Successful', ...times(4, 'Error')];
    expect(analysisPhase({ count: 2 }, interrupted, false)).toBe('Running');
    expect(analysisPhase({ count: 1 }, interrupted, false)).toBe('Successful');
  });
});

// https://docs.flagger.app/usage/how-it-works#canary-analysis: "threshold: max number of failed metric checks before rollback"
describe('the analysis of a Flagger canary', () => {
  const ANALYSIS = { threshold: 5, iterations: 10 };

  /** Phases after each interval, given whether its checks pass. */
  function phases(checks: readonly boolean[]): CanaryPhase[] {
    let status = { failedChecks: 0, iterations: 0 };
    return checks.map((pass) => {
      const next = advanceCanary(ANALYSIS, status, pass);
      status = next.status;
      return next.phase;
    });
  }

  const runs = (...parts: readonly (readonly [boolean, number])[]) =>
    parts.flatMap(([pass, count]) => Array.from({ length: count }, () => pass));

  test('is promoted after its iterations', () => {
    const seen = phases(runs([true, 11]));
    expect(seen.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'Progressing'));
    expect(seen[10]).toBe('Promoting');
  });

  test('is rolled back in the interval after the one that reached the threshold', () => {
    const seen = phases(runs([false, 6]));
    expect(seen[4]).toBe('Progressing');
    expect(seen[5]).toBe('Failed');
  });

  test('never forgets a failed check, which halts its advance too', () => {
    const seen = phases(runs([false, 4], [true, 5], [false, 1], [true, 1]));
    expect(seen.at(-1)).toBe('Failed');
    expect(phases(runs([false, 4], [true, 10])).at(-1)).toBe('Progressing');
    expect(phases(runs([false, 4], [true, 11])).at(-1)).toBe('Promoting');
  });
});
