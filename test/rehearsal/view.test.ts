import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ReleaseView } from '../../rehearsal/view/release-view';
import { slowLogin, storyOf } from '../support/stories';
import { Terminal } from './view-terminal';

const SLOW = storyOf({ chance: slowLogin() });
const SUBJECT = { title: 'slow-login', release: 'v1.4.0', sentence: 'sign-in is slow on the canary' };

describe('without a terminal, the view', () => {
  test('writes one plain line for each event', () => {
    const { view, written, clock } = viewOn({ isTTY: false });

    view.note('stores are up');
    clock.ms = 2_000;
    view.begin(SUBJECT);
    clock.ms = 2_650;
    view.planned(SLOW.plan!);
    view.happened({ service: 'edge', release: 'v1.4.0', kind: 'weight', percent: 10 });
    view.happened({ service: 'core', release: 'v1.4.0', kind: 'task', what: 'a task ended\nwith code 1' });
    clock.ms = 125_000;
    view.minute({
      minute: 1,
      probes: {
        login: { canary: { n: 20, breaches: 1, hard: 0 }, stable: { n: 20, breaches: 0, hard: 0 }, misrouted: 0 },
      },
    });
    view.ended({
      outcome: 'rolled back',
      because: 'login: bad',
      minute: 5,
      asExpected: true,
      report: 'out/v1.4.0.html',
    });
    view.close();

    expect(written().replace(/E = [\d.]+/, 'E = …')).toBe(
      [
        '[   0.0 s] stores are up',
        '[   0.0 s] v1.4.0 begins, slow-login: sign-in is slow on the canary',
        '[   0.7 s] v1.4.0 is judged beside v1.3.2 by login, reflect, import, success, ai from minute 30 to 45',
        '[   0.7 s] v1.4.0 edge: serves 10 % of the traffic',
        '[   0.7 s] v1.4.0 core: a task ended with code 1',
        '[ 123.0 s] minute 1: login 1/20 beside 0/20; E = … of 100; extend BAKING',
        '[ 123.0 s] v1.4.0 rolled back in minute 5, as expected: login: bad; report: out/v1.4.0.html',
        '',
      ].join('\n'),
    );
  });

  test('says so when a release did not go as expected', () => {
    const { view, written } = viewOn({ isTTY: false });

    view.begin(SUBJECT);
    view.ended({ outcome: 'promoted', because: 'certified', minute: 30, asExpected: false, report: 'r.html' });

    expect(written()).toContain('promoted in minute 30, NOT as expected: certified');
  });

  test('holds for a terminal that can do nothing, too', () => {
    const { view, written } = viewOn({ isTTY: true }, { TERM: 'dumb' });

    view.begin(SUBJECT);
    view.close();

    expect(written()).not.toContain('\x1b');
  });
});

describe('on a terminal, the view', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test('draws at most ten times a second, however much happens', () => {
    const { view, writes } = viewOn({ isTTY: true });
    view.begin(SUBJECT);
    const before = writes.length;

    for (let i = 0; i < 500; i++) {
      view.happened({ service: 'edge', release: 'v1.4.0', kind: 'task', what: `task ${i}` });
      jest.advanceTimersByTime(2);
    }

    expect(writes.length - before).toBeGreaterThan(5);
    expect(writes.length - before).toBeLessThanOrEqual(10);
    view.close();
  });

  test('draws over what it drew, also where a narrower terminal has wrapped it', () => {
    const terminal = new Terminal(100, 30);
    const { view } = viewOn(terminal);
    view.begin(SUBJECT);
    view.planned(SLOW.plan!);
    for (const minute of SLOW.minutes.slice(0, 2)) view.minute(minute);
    jest.advanceTimersByTime(200);
    terminal.narrow(50);
    view.minute(SLOW.minutes[2]!);
    jest.advanceTimersByTime(200);

    expect(terminal.text().match(/slow-login/g)).toHaveLength(1);
    expect(terminal.text()).toContain('minute 3 of 30 to 45');
    view.close();
  });

  test('leaves a summary and the notes in the scroll-back, and nothing of the block', () => {
    const terminal = new Terminal(100, 30);
    const { view } = viewOn(terminal);
    view.note('stores are up');
    view.begin(SUBJECT);
    view.planned(SLOW.plan!);
    for (const minute of SLOW.minutes) view.minute(minute);
    jest.advanceTimersByTime(200);
    view.note('the database is slow');
    view.ended({ outcome: 'rolled back', because: 'login: bad', minute: 5, asExpected: true, report: 'out/v.html' });
    view.close();

    expect(terminal.text()).toMatch(
      /^stores are up\nthe database is slow\n✓ v1\.4\.0 · slow-login rolled back in minute 5, as expected {2}\d:\d\d\n {2}login: bad\n {2}out\/v\.html$/,
    );
  });

  test('leaves the last state where it is closed in the middle, and draws no more', () => {
    const terminal = new Terminal(100, 30);
    const { view, writes } = viewOn(terminal);
    view.begin(SUBJECT);
    view.close();
    view.close();
    const before = writes.length;
    jest.advanceTimersByTime(1_000);

    expect(writes).toHaveLength(before);
    expect(terminal.text()).toContain('slow-login');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('never hides the cursor nor leaves the screen', () => {
    const { view, written } = viewOn({ isTTY: true });
    view.begin(SUBJECT);
    view.ended({ outcome: 'promoted', because: 'x', minute: 30, asExpected: true, report: 'r' });

    expect(written()).not.toContain('\x1b[?');
  });

  test('is in colours, unless NO_COLOR is set', () => {
    const [coloured, plain] = [viewOn({ isTTY: true }), viewOn({ isTTY: true }, { NO_COLOR: '1' })];
    for (const { view } of [coloured, plain]) {
      view.begin(SUBJECT);
      view.close();
    }

    expect(coloured.written()).toContain('\x1b[1m');
    expect(plain.written()).not.toContain('m');
  });

  test('is never higher than the terminal', () => {
    const terminal = new Terminal(100, 8);
    const { view } = viewOn(terminal);
    view.begin(SUBJECT);
    view.planned(SLOW.plan!);
    for (const minute of SLOW.minutes) {
      view.minute(minute);
      jest.advanceTimersByTime(200);
    }

    expect(terminal.text().match(/slow-login/g)).toHaveLength(1);
    view.close();
  });
});

/** A view that writes to a stream, with a clock that a test sets. */
function viewOn(stream: { isTTY?: boolean; write?(text: string): void }, env: Record<string, string> = {}) {
  const writes: string[] = [];
  const clock = { ms: 0 };
  const write = (text: string) => {
    writes.push(text);
    stream.write?.(text);
  };
  const watched = new Proxy(
    { ...{ isTTY: stream.isTTY, columns: 80, rows: 24 } },
    {
      get: (target, name) => (name === 'write' ? write : (Reflect.get(stream, name) ?? Reflect.get(target, name))),
    },
  );
  const view = new ReleaseView({ stream: watched as never, now: () => clock.ms, env });
  return { view, writes, clock, written: () => writes.join('') };
}
