const WIDTH = 520;
const HEIGHT = 320;
const PLOT = { left: 56, right: WIDTH - 16, top: 40, bottom: HEIGHT - 44 };

/** Stands alone as a file and inside a page, by day and by night. */
const STYLE = `
.plot text { fill: #1c2430; font: 11px system-ui, sans-serif; } .plot .title { font-weight: 600; font-size: 13px; } .plot .tick { fill: #687385; }
.plot .grid { stroke: #d9dee6; } .plot .dot { fill: #687385; } .plot .line { fill: none; stroke: #a9b2c0; stroke-width: 1.5; } .plot .own { stroke: #1a7f4b; stroke-width: 3; }
.plot .dot.own { fill: #1a7f4b; stroke: none; } .plot .bound { stroke: #c2352b; stroke-dasharray: 5 3; } .plot text.own { fill: #1a7f4b; font-weight: 600; stroke: none; } .plot text.bound { fill: #c2352b; stroke: none; }
@media (prefers-color-scheme: dark) { .plot text { fill: #e6eaf0; } .plot .tick { fill: #93a0b3; } .plot .grid { stroke: #313a47; } .plot .line { stroke: #5d6a7d; }
.plot .own { stroke: #4cc38a; } .plot .dot.own, .plot text.own { fill: #4cc38a; } .plot .bound { stroke: #ff6f61; } .plot text.bound { fill: #ff6f61; } }`;

/** How a series is drawn: our own stands out, a bound is dashed. */
export type Look = 'own' | 'bound' | 'other';

export interface Series {
  readonly name: string;
  readonly look: Look;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** One axis: its name, where its ticks stand, and whether it is logarithmic. The first and the last tick are its ends. */
export interface Axis {
  readonly name: string;
  readonly ticks: readonly number[];
  readonly log?: boolean;
  /** Of a tick, for people. @default String */
  readonly format?: (value: number) => string;
}

export interface Plot {
  readonly title: string;
  /** The picture in words, for who cannot see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** `dots` draws each series as its first point with its name. */
  readonly as: 'lines' | 'dots';
}

/** A plot as one SVG element. */
export function svgOf(plot: Plot): string {
  const { title, description, x, y, series, as } = plot;
  const at = { x: scale(x, PLOT.left, PLOT.right), y: scale(y, PLOT.bottom, PLOT.top) };
  const draw = as === 'lines' ? lineOf : dotOf;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(description)}">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${PLOT.left}" y="18">${escapeText(title)}</text>`,
    ...x.ticks.map((tick) => verticalTick(at.x(tick), label(x, tick))),
    ...y.ticks.map((tick) => horizontalTick(at.y(tick), label(y, tick))),
    `<text class="tick" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escapeText(x.name)}</text>`,
    `<text class="tick" x="${PLOT.left}" y="${PLOT.top - 8}">${escapeText(y.name)}</text>`,
    ...series.map((one) => draw(one, at)),
    ...[...labelsOf(plot, at)].map(textOf),
    '</svg>',
  ].join('\n');
}

type Scale = (value: number) => number;
type Scales = { readonly x: Scale; readonly y: Scale };

function scale({ ticks, log }: Axis, from: number, to: number): Scale {
  const of = log ? Math.log : (value: number) => value;
  const [first, last] = [of(ticks[0]!), of(ticks.at(-1)!)];
  return (value) => {
    const share = (of(Math.max(value, log ? Number.MIN_VALUE : value)) - first) / (last - first);
    return from + (to - from) * Math.min(1, Math.max(0, share));
  };
}

/** Where a name stands. */
interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  readonly name: string;
}

/** About the width of a letter, and the height of a line. */
const LETTER = { width: 6, height: 12 };

/** The place of each name: at a line's last point or beside a dot, moved up so that none covers another. */
function labelsOf({ series, as }: Plot, at: Scales): ReadonlyMap<Series, Label> {
  const placed = new Map<Series, Label>();
  for (const one of series) {
    const point = as === 'lines' ? one.points.at(-1) : one.points[0];
    if (!point) continue;
    const wanted = as === 'lines' ? besideEnd(at, point) : besideDot(at, point);
    placed.set(one, moved({ ...wanted, name: one.name }, [...placed.values()]));
  }
  return placed;
}

function besideEnd(at: Scales, [x, y]: readonly [number, number]): Omit<Label, 'name'> {
  return { x: at.x(x) - 4, y: at.y(y) - 4, anchor: 'end' };
}

function besideDot(at: Scales, [x, y]: readonly [number, number]): Omit<Label, 'name'> {
  const px = at.x(x);
  const anchor = px > WIDTH / 2 ? 'end' : 'start';
  return { x: anchor === 'end' ? px - 8 : px + 8, y: at.y(y) + 4, anchor };
}

function moved(label: Label, others: readonly Label[]): Label {
  const isCovered = others.some((other) => covers(label, other));
  return isCovered ? moved({ ...label, y: label.y - 2 }, others) : label;
}

function covers(a: Label, b: Label): boolean {
  const [[aFrom, aTo], [bFrom, bTo]] = [reach(a), reach(b)];
  return Math.abs(a.y - b.y) < LETTER.height && aFrom < bTo && bFrom < aTo;
}

function reach({ x, anchor, name }: Label): readonly [from: number, to: number] {
  const width = name.length * LETTER.width;
  return anchor === 'end' ? [x - width, x] : [x, x + width];
}

function lineOf({ look, points }: Series, at: Scales): string {
  const path = points.map(([px, py]) => `${round(at.x(px))},${round(at.y(py))}`).join(' ');
  return points.length === 0 ? '' : `<polyline class="line ${look}" points="${path}"/>`;
}

function dotOf({ look, points: [point] }: Series, at: Scales): string {
  return point ? `<circle class="dot ${look}" cx="${round(at.x(point[0]))}" cy="${round(at.y(point[1]))}" r="5"/>` : '';
}

function textOf([{ look }, { x, y, anchor, name }]: readonly [Series, Label]): string {
  return `<text class="${look}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeText(name)}</text>`;
}

function verticalTick(px: number, words: string): string {
  return (
    `<line class="grid" x1="${round(px)}" x2="${round(px)}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>` +
    `<text class="tick" x="${round(px)}" y="${PLOT.bottom + 16}" text-anchor="middle">${words}</text>`
  );
}

function horizontalTick(py: number, words: string): string {
  return (
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(py)}" y2="${round(py)}"/>` +
    `<text class="tick" x="${PLOT.left - 6}" y="${round(py + 4)}" text-anchor="end">${words}</text>`
  );
}

function label({ format = String }: Axis, tick: number): string {
  return escapeText(format(tick));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

export function escapeText(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
