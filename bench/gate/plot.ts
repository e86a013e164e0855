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
export function svgOf({ title, description, x, y, series, as }: Plot): string {
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
    ...apart(series, at.y).map(({ one, labelY }) => draw(one, at, labelY)),
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

/** Names of lines stand at their last point, moved so that none covers another. */
function apart(series: readonly Series[], y: Scale): readonly { readonly one: Series; readonly labelY: number }[] {
  const placed: number[] = [];
  return series.map((one) => {
    let labelY = y(one.points.at(-1)?.[1] ?? 0);
    while (placed.some((other) => Math.abs(other - labelY) < 12)) labelY -= 4;
    placed.push(labelY);
    return { one, labelY };
  });
}

function lineOf({ name, look, points }: Series, at: Scales, labelY: number): string {
  if (points.length === 0) return '';
  const path = points.map(([px, py]) => `${round(at.x(px))},${round(at.y(py))}`).join(' ');
  const end = round(at.x(points.at(-1)![0]) - 4);
  return `<polyline class="line ${look}" points="${path}"/>${text(look, [end, round(labelY - 4)], name)}`;
}

function dotOf({ name, look, points: [point] }: Series, at: Scales): string {
  if (!point) return '';
  const [px, py] = [round(at.x(point[0])), round(at.y(point[1]))];
  return `<circle class="dot ${look}" cx="${px}" cy="${py}" r="5"/>${text(look, [px + 8, py + 4], name)}`;
}

function text(look: Look, [px, py]: readonly [number, number], words: string): string {
  const anchor = px > WIDTH - 150 ? 'end' : 'start';
  return `<text class="${look}" x="${anchor === 'end' ? px - 8 : px}" y="${py}" text-anchor="${anchor}">${escapeText(words)}</text>`;
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
