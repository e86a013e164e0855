import { describe, expect, test } from '@jest/globals';
import type { ReleaseStory } from '../../lambda/report/story';
import { frame } from '../../rehearsal/view/frame';
import { lengthOf, painted } from '../../rehearsal/view/ink';
import { begun, happened, minuteClosed, planned, type ViewState } from '../../rehearsal/view/view-state';
import { slowLogin, stillborn, storyOf, undone, ZERO } from '../support/stories';

const SLOW = storyOf({ chance: slowLogin() });
const SUBJECT = { title: 'slow-login', release: 'v1.4.0', sentence: 'sign-in is slow on the canary' };

/** What the view knows of a release after so many of its minutes, and of everything that happened until then. */
function stateAfter(story: ReleaseStory, minutes: number, subject = SUBJECT): ViewState {
  const until = ZERO + minutes * story.minuteMs;
  const before = (story.timeline ?? []).filter(({ at }) => at <= until);
  const opened = before.reduce(happened, planned(begun(subject), story.plan!));
  return { ...story.minutes.slice(0, minutes).reduce(minuteClosed, opened), elapsedMs: 62_000 };
}

function textOf(state: ViewState, columns = 80): string {
  return frame(state, columns)
    .map((line) => painted(line, false).trimEnd())
    .join('\n');
}

describe('the frame', () => {
  test.each([20, 40, 60, 80, 120, 300])('never takes more than %d columns', (columns) => {
    const hostile = { ...SUBJECT, title: '放行 🚦 \x1b[31m\n'.repeat(9), sentence: 'x'.repeat(400) };
    for (const state of [
      begun(SUBJECT),
      stateAfter(SLOW, 3),
      stateAfter(SLOW, SLOW.minutes.length),
      stateAfter(SLOW, 4, hostile),
    ])
      for (const line of frame(state, columns)) expect(lengthOf(line)).toBeLessThanOrEqual(columns);
  });

  test('fits a terminal of 24 lines', () => {
    expect(frame(stateAfter(SLOW, 4), 80).length).toBeLessThan(24);
  });

  test('shows the bake, the split, both arms, the evidence and its limits, the services and the last events', () => {
    const text = textOf(stateAfter(SLOW, 3));
    const [canary, stable] = (['canary', 'stable'] as const).map((arm) => {
      const counts = SLOW.minutes.slice(0, 3).map(({ probes }) => probes.login![arm]);
      return `${counts.reduce((sum, { breaches }) => sum + breaches, 0)}/${counts.reduce((sum, { n }) => sum + n, 0)}`;
    });

    expect(text).toMatch(/^── v1\.4\.0 · slow-login ─+ 1:02 ──\n/);
    expect(text).toMatch(/^bake {5}█.*│.* {2}minute 3 of 30 to 45$/m);
    expect(text).toMatch(/^users {4}█+░+ {2}10 % v1\.4\.0, 90 % v1\.3\.2$/m);
    expect(text).toMatch(/^against .*│.* {2}\S+, rolled back at 100$/m);
    expect(text).toMatch(new RegExp(`^login +${canary} .* %  +${stable} .*│`, 'm'));
    expect(text).toMatch(/^ai +0\/3 .* +same$/m);
    expect(text).toContain('edge 10 % of traffic · core waits for its turn');
    expect(text).toContain('edge: serves 10 % of the traffic');
  });

  test('gives the last word of the judge with its reason', () => {
    expect(textOf(stateAfter(SLOW, 1), 200)).toMatch(/^judge {4}extend {2}nothing against it by minute 1/m);
    expect(textOf(stateAfter(SLOW, SLOW.minutes.length), 300)).toContain(`judge    rollback  ${SLOW.verdict!.because}`);
  });

  test('goes on through the final bake, and says what takes a promotion back', () => {
    const story = undone();
    const promotedAt = story.verdict!.minute;

    expect(textOf(stateAfter(story, promotedAt + 1), 300)).toMatch(/^bake {5}█+ {2}1 min after promotion$/m);
    expect(textOf(stateAfter(story, promotedAt + 1), 300)).toMatch(/^judge {4}promote {2}certified/m);
    expect(textOf(stateAfter(story, story.recall!.minute), 300)).toMatch(/^judge {4}rollback {2}login: /m);
  });

  test('fills the bar of the evidence beyond its mark in the minute that decides, and not before', () => {
    const bar = (minutes: number) => textOf(stateAfter(SLOW, minutes)).match(/^against +(\S+) /m)![1]!;

    expect(bar(SLOW.minutes.length)).toMatch(/█│/);
    expect(bar(SLOW.minutes.length - 1)).not.toMatch(/█│/);
  });

  test('leaves out what does not fit a narrow terminal: the stable arm, not the canary', () => {
    expect(textOf(stateAfter(SLOW, 3), 40)).toMatch(/^ +canary +proof$/m);
    expect(textOf(stateAfter(SLOW, 3), 80)).toMatch(/^ +canary +stable +proof$/m);
  });

  test('shows what a service does with this release alone', () => {
    const other = { service: 'edge', release: 'v1.3.2', kind: 'weight', percent: 100 } as const;

    expect(happened(stateAfter(SLOW, 3), other)).toEqual(stateAfter(SLOW, 3));
  });

  test('leaves a promoted release its users when its deployment has ended', () => {
    const on = { service: 'edge', release: 'v1.4.0' };
    const all = happened(stateAfter(SLOW, 3), { ...on, kind: 'weight', percent: 100 });

    const text = textOf(happened(all, { ...on, kind: 'status', status: 'SUCCESSFUL' }));

    expect(text).toMatch(/^users {4}█+ {2}100 % v1\.4\.0, 0 % v1\.3\.2$/m);
    expect(text).toContain('edge stays · core');
  });

  test('of a release that dies while its path is put together is about its services', () => {
    expect(textOf(stateAfter(stillborn(), 0))).toMatch(/^core went back$/m);
  });
});
