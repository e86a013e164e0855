import { describe, expect, test } from '@jest/globals';
import { area, bars, limit, line, moment, type Plot, picture, steps } from '../../../lambda/report/chart';
import { html, type Markup } from '../../../lambda/report/markup';
import { linear } from '../../../lambda/report/scale';
import { elementsOf } from './markup-tree';

const PLOT: Plot = { x: linear(0, 10, []), y: linear(0, 4, []), height: 100 };
/** Above the plot, for the names of moments. */
const ABOVE = 18;

function only(markup: Markup | undefined, name: string) {
  return elementsOf(markup!.text)
    .filter((element) => element.name === name)
    .map(({ attributes }) => attributes);
}

describe('a template', () => {
  test('escapes every text and number that is put into it, and no markup', () => {
    const inner = html`<b>${'a < b & "c"'}</b>`;

    expect(html`<p title="${`it's`}">${inner}${3}${undefined}${[inner, '>']}</p>`.text).toBe(
      '<p title="it&#39;s"><b>a &lt; b &amp; &quot;c&quot;</b>3<b>a &lt; b &amp; &quot;c&quot;</b>&gt;</p>',
    );
  });

  test('replaces what no document may hold', () => {
    expect(html`${'a\u0000b\uD800c🚦\n'}`.text).toBe('a\uFFFDb\uFFFDc🚦\n');
  });
});

describe('a chart', () => {
  test('runs lines from point to point, upwards for what is more', () => {
    const [path] = only(
      line(
        PLOT,
        [
          [0, 0],
          [5, 4],
          [10, 2],
        ],
        'canary',
      ),
      'path',
    );

    expect(path).toEqual({ class: 'line canary', d: 'M0 100L500 0L1000 50' });
  });

  test('closes an area at the lower end', () => {
    expect(
      only(
        area(
          PLOT,
          [
            [2, 1],
            [4, 3],
          ],
          'canary',
        ),
        'path',
      )[0]!.d,
    ).toBe('M200 75L400 25L400 100L200 100Z');
  });

  test('keeps a value until the next, and the last to the end', () => {
    expect(
      steps(
        [
          [0, 0],
          [3, 10],
        ],
        9,
      ),
    ).toEqual([
      [0, 0],
      [3, 0],
      [3, 10],
      [9, 10],
    ]);
  });

  test('draws nothing where there are no points', () => {
    expect([line(PLOT, [], ''), area(PLOT, [], '')]).toEqual([undefined, undefined]);
  });

  test('sets bars on the lower end or on each other, and leaves out those without height', () => {
    const of = (low: number | undefined, high: number) => ({ from: 1, to: 2, low, high, title: 'one' });
    const rects = only(bars(PLOT, [of(undefined, 1), of(1, 3), of(2, 2)], 'stable'), 'rect');

    expect(rects).toEqual([
      { class: 'bar stable', x: '10%', width: '10%', y: `${ABOVE + 75}`, height: '25' },
      { class: 'bar stable', x: '10%', width: '10%', y: `${ABOVE + 25}`, height: '50' },
    ]);
  });

  test('keeps everything inside it, whatever the values', () => {
    const wild = [
      limit(PLOT, 1e300, 'far'),
      moment(PLOT, { at: -7, label: 'before' }),
      line(
        PLOT,
        [
          [-1, -1],
          [1e9, 1e9],
        ],
        '',
      )!,
    ];

    expect(only(wild[0], 'line')[0]).toMatchObject({ y1: `${ABOVE}`, y2: `${ABOVE}` });
    expect(only(wild[1], 'line')[0]).toMatchObject({ x1: '0%', x2: '0%' });
    expect(only(wild[2], 'path')[0]!.d).toBe('M0 100L1000 0');
  });

  test('names its ticks, the first with the unit', () => {
    const ticks = [
      { value: 0, label: '0' },
      { value: 5, label: '5' },
    ];
    const plot = { ...PLOT, x: linear(0, 10, ticks), y: linear(0, 4, [{ value: 4, label: '4 %' }]) };
    const chart = picture({ plot, unit: 'min', title: 'a', description: 'b', layers: [] });

    expect([...chart.text.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual(['0 min', '5', '4 %']);
    expect(only(chart, 'text')[1]).toMatchObject({ x: '50%' });
  });
});
