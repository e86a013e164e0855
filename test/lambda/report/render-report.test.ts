import { describe, expect, test } from '@jest/globals';
import { Ledger } from '../../../lambda/gate/ledger';
import { writeRecording } from '../../../lambda/gate/minutes-file';
import { renderReport } from '../../../lambda/report/render-report';
import { type ReleaseStory, storyFrom } from '../../../lambda/report/story';
import { MemoryStore } from '../../support/gate-world';
import { slowLogin, stillborn, storyOf, undone } from '../../support/stories';
import { elementsOf } from './markup-tree';

const GOOD = storyOf();
const SLOW = storyOf({ chance: slowLogin() });
const HOSTILE = `v"1'><script>alert(1)</script>&amp;</svg>`;

/** What a reader sees: the text of a page without its tags. */
function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

function section(page: string, title: string): string {
  const found = page.split('<section>').find((part) => part.startsWith(`<h2>${title}</h2>`));
  if (found === undefined) throw new Error(`no section ${title}`);
  return found;
}

const STORIES: readonly (readonly [string, ReleaseStory])[] = [
  ['of a promoted release', GOOD],
  ['of a release that went back', SLOW],
  ['of a release that was promoted and taken back', undone()],
  ['of a release that died while its path was put together', stillborn()],
  ['of a release of which nothing is known', bare()],
  [
    'of a release with a hostile name',
    { ...storyOf({ release: HOSTILE }), system: HOSTILE, facts: [[HOSTILE, HOSTILE]] },
  ],
];

function bare(): ReleaseStory {
  return { system: 'coach', env: 'prod', front: 'edge', minuteMs: 60_000, release: 'v9', minutes: [] };
}

describe.each(STORIES)('the report %s', (_, story) => {
  const page = renderReport(story);

  test('closes every tag and lets no text pass for markup', () => {
    expect(elementsOf(page).length).toBeGreaterThan(20);
  });

  test('needs nothing but itself: no script, nothing fetched, no address', () => {
    const elements = elementsOf(page);

    expect(elements.map(({ name }) => name)).not.toContain('script');
    const attributes = elements.flatMap((element) => Object.keys(element.attributes));
    expect(attributes.filter((name) => /^(src|href|style|on.*)$/.test(name))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|https?:/);
  });

  test('names every picture and tells it in words', () => {
    const pictures = page.match(/<svg class="chart".*?>\n<title>[^<]+<\/title><desc>[^<]+<\/desc>/g) ?? [];

    expect(pictures).toHaveLength(page.match(/<svg class="chart"/g)?.length ?? 0);
  });

  test('holds no number that is none', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe('a report', () => {
  test('is drawn for narrow screens, and in the colours of the night too', () => {
    const page = renderReport(GOOD);

    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page).toContain('@media (prefers-color-scheme: dark)');
    expect(page).toContain('color-scheme: light dark');
  });

  test('says first what became of the release, and why in the words of the verdict', () => {
    expect(textOf(renderReport(GOOD))).toContain(`v1.4.0 was promoted ${GOOD.verdict!.because}`);
    expect(textOf(renderReport(SLOW))).toContain('v1.4.0 was rolled back login: ');
  });

  test.each([
    [{ ending: { ...GOOD.ending!, outcome: 'undone' as const } }, 'v1.4.0 was promoted, then undone'],
    [{ ending: { ...GOOD.ending!, outcome: 'stuck' as const } }, 'v1.4.0 is stuck between two releases'],
    [{ ending: undefined }, 'v1.4.0 is being promoted'],
    [{ ending: undefined, verdict: SLOW.verdict }, 'v1.4.0 is going back'],
    [{ ending: undefined, verdict: undefined }, 'v1.4.0 has no verdict its canary serves its share of the users'],
  ])('knows an unusual end: %#', (changes, words) => {
    expect(textOf(renderReport({ ...GOOD, ...changes }))).toContain(words);
  });

  test('marks the deciding minute in the facts and in every picture over time', () => {
    const { minute } = SLOW.verdict!;
    const page = renderReport(SLOW);

    expect(textOf(page)).toContain(`Decided in minute ${minute} `);
    for (const title of ['Share of the users', 'Evidence against it', 'Services', 'Requests at the front'])
      expect(section(page, title)).toContain(`>rollback, minute ${minute}</text>`);
  });

  test('shows what took a promotion back, with the evidence of the final bake', () => {
    const story = undone();
    const { because, minute } = story.recall!;
    const page = renderReport(story);

    expect(textOf(page)).toContain(`v1.4.0 was promoted, then undone ${because}`);
    expect(textOf(page)).toContain(`Taken back in minute ${minute} `);
    expect(section(page, 'Evidence against it')).toContain(`>promote, minute ${story.verdict!.minute}</text>`);
    expect(section(page, 'What the probes measured').match(/took the promotion back/g)).toHaveLength(1);
    expect(section(page, 'Evidence against it')).toContain(`>taken back, minute ${minute}</text>`);
    const [last] = section(page, 'Evidence against it').match(/<tr><th scope="row">\d+<\/th>[^\n]*(?=\s*<\/tbody>)/)!;
    expect(last).toMatch(new RegExp(`>${minute}</th><td></td><td>final bake</td><td></td><td>\\d{3,}`));
  });

  test('names the probe that decided, and only that one', () => {
    const badges = [...renderReport(SLOW).matchAll(/<h3>(\w+) <small>.*?<p class="badge (\w+)">/gs)];

    expect(badges.filter(([, , kind]) => kind === 'bad').map(([, probe]) => probe)).toEqual(['login']);
  });

  test('gives the evidence of each minute, which passes its limit in the last', () => {
    const rows = [
      ...section(renderReport(SLOW), 'Evidence against it').matchAll(/<tr><th scope="row">(\d+)<\/th>(.*?)<\/tr>/g),
    ];
    const evidence = rows.map(([, , cells]) => Number(cells!.match(/<td>([^<]*)<\/td>$/)![1]));

    expect(rows.map(([, minute]) => Number(minute))).toEqual(SLOW.minutes.map(({ minute }) => minute));
    expect(evidence.at(-1)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...evidence.slice(0, -1))).toBeLessThan(100);
  });

  test('gives the counts of every probe, arm and minute', () => {
    const row = SLOW.minutes[2]!;
    const { canary, stable } = row.probes.login!;

    expect(textOf(section(renderReport(SLOW), 'What the probes measured'))).toContain(
      ` 3 ${canary.breaches}/${canary.n} · ${stable.breaches}/${stable.n} `,
    );
  });

  test('shows the share of the users as the balancer had it', () => {
    const promoted = (GOOD.verdict!.minute + 0.2).toFixed(1);

    expect(section(renderReport(GOOD), 'Share of the users')).toContain(
      `<desc>10 % from minute -0.6 on, 100 % from minute ${promoted} on</desc>`,
    );
  });

  test('follows every service to its end', () => {
    const services = section(renderReport(SLOW), 'Services');

    expect(services).toMatch(/<desc>edge: prepares from [^;]* 10 % of traffic from -0\.6 [^;]* went back; core: /);
    expect(textOf(services)).toContain('core went back: stopped by the gate');
  });

  test('sums the requests on both arms', () => {
    const errors = SLOW.traffic!.minutes.reduce((sum, minute) => sum + minute.errors, 0);
    const requests = SLOW.traffic!.minutes.filter(({ release }) => release === 'v1.4.0').reduce(
      (sum, m) => sum + m.requests,
      0,
    );

    expect(textOf(section(renderReport(SLOW), 'Requests at the front'))).toContain(` v1.4.0 ${requests} ${errors} (`);
  });

  test('says whether a rehearsed release went as it had to', () => {
    const rehearsed = {
      fault: 'slow-login',
      sentence: 'sign-in is slow',
      expected: 'rolled back',
      asExpected: true,
    } as const;

    expect(textOf(renderReport({ ...SLOW, rehearsed }))).toContain(
      'Rehearsal of slow-login: sign-in is slow. ✓ as it had to be',
    );
    expect(textOf(renderReport({ ...GOOD, rehearsed: { ...rehearsed, asExpected: false } }))).toContain(
      '✗ it had to be rolled back',
    );
  });

  test('says in words what is missing, and draws no empty picture', () => {
    const page = renderReport(stillborn());

    expect(textOf(page)).toContain('No user met v1.4.0: it ended before its canary took a share.');
    expect(textOf(page)).toContain('ended before its canary took a share of the users, so nothing was measured.');
    expect(page.match(/<svg class="chart"/g)).toHaveLength(1);
    expect(textOf(renderReport(bare()))).toContain('v9 has no verdict the gate never opened it');
    expect(renderReport(bare())).not.toContain('<svg');
  });

  test('says what keeps recorded minutes from being judged, and tells the rest', () => {
    const page = renderReport({ ...SLOW, minutes: SLOW.minutes.slice(1) });

    expect(textOf(page)).toContain(
      'The recorded minutes cannot be judged: v1.4.0: minutes[0].minute: expected 1, got 2',
    );
    expect(textOf(page)).toContain('10 % of traffic');
  });

  test('is the same each time', () => {
    expect(renderReport(SLOW)).toBe(renderReport(storyOf({ chance: slowLogin() })));
  });
});

describe('a story from the ledger', () => {
  const { system, env, front, minuteMs } = SLOW;
  const surroundings = { system, env, front, minuteMs };

  test('holds what the gate wrote of the release', async () => {
    const store = new MemoryStore();
    const ledger = new Ledger(store);
    const { release, plan, verdict, ending, opened, minutes, startedAt } = SLOW;
    await ledger.writePlan(release, plan!);
    await ledger.writeOpened(release, opened!);
    await ledger.writeStarted(release, { at: startedAt! });
    const header = { format: 'minutes', version: 1, release, stable: 'v1.3.2', startedAt: startedAt! } as const;
    await ledger.writeMinutes(release, writeRecording({ header, minutes }));
    await ledger.settle(release, verdict!);
    await ledger.writeEnding(release, ending!);

    const story = await storyFrom(ledger, release, surroundings);

    const { timeline: _t, traffic: _r, notices: _n, facts: _f, ...known } = SLOW;
    expect(story).toEqual({ ...known, orders: [], record: undefined });
  });

  test('is bare for a release nobody opened', async () => {
    const story = await storyFrom(new Ledger(new MemoryStore()), 'v9', surroundings);

    expect(textOf(renderReport(story))).toContain('v9 has no verdict the gate never opened it');
  });
});

test('a release that was not let on its way says who stopped it', () => {
  const page = renderReport({
    ...stillborn(),
    verdict: undefined,
    ending: undefined,
    refused: 'freeze: frozen by ops: a quiet week',
  });

  expect(page).toContain('was refused');
  expect(page).toContain('freeze: frozen by ops: a quiet week');
});
