import { html, type Markup } from './markup';
import type { Scale } from './scale';

/**
 * A chart as wide as its page: shares of the width across, pixels down, so that letters keep their size on every screen.
 *
 * Colours come from the page's style by class: `canary`, `stable`, `good`, `bad`, `dim`.
 */
export interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  /** Pixels between the axes' ends. */
  readonly height: number;
}

export type Point = readonly [x: number, y: number];

export interface Picture {
  readonly plot: Plot;
  readonly title: string;
  /** What the picture shows, for who cannot see it. */
  readonly description: string;
  /** From back to front. */
  readonly layers: readonly (Markup | undefined)[];
  /** Of x. */
  readonly unit: string;
}

/** Room above the plot for names of moments, and below it for the axis. */
const ABOVE = 18;
const BELOW = 20;
/** From one row of names to the next. */
const ROW = 15;
/** Pixels from the left that names of heights may take. */
const BESIDE_TICKS = 56;
/** Units across inside a stretched path; its heights are pixels. */
const ACROSS = 1_000;

export function picture({ plot, title, description, layers, unit }: Picture): Markup {
  const height = ABOVE + plot.height + BELOW;
  return html`<svg class="chart" role="img" width="100%" height="${height}">
<title>${title}</title><desc>${description}</desc>
${rules(plot)}
${layers}
${axis(plot, unit)}${heights(plot)}
</svg>`;
}

/** A line through points. */
export function line(plot: Plot, points: readonly Point[], kind: string): Markup | undefined {
  return points.length > 0 ? stretched(plot, html`<path class="line ${kind}" d="${path(plot, points)}"/>`) : undefined;
}

/** The area between a line and the lower end. */
export function area(plot: Plot, points: readonly Point[], kind: string): Markup | undefined {
  if (points.length === 0) return undefined;
  const [first, last] = [across(plot, points[0]![0]), across(plot, points.at(-1)![0])];
  const floor = plot.height;
  const outline = `${path(plot, points)}L${last} ${floor}L${first} ${floor}Z`;
  return stretched(plot, html`<path class="area ${kind}" d="${outline}"/>`);
}

/** The corners of steps: each value holds until the next point. */
export function steps(points: readonly Point[], end: number): readonly Point[] {
  return points.flatMap(([x, y], i) => [
    [x, y],
    [points[i + 1]?.[0] ?? end, y],
  ]);
}

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly low?: number;
  readonly high: number;
  /** Shown when it is pointed at. */
  readonly title: string;
}

/** Bars that stand on the lower end, or on `low`. One without height is left out. */
export function bars(plot: Plot, all: readonly Bar[], kind: string): Markup {
  return html`${all.filter(({ high, low = 0 }) => high > low).map((bar) => oneBar(plot, bar, kind))}`;
}

function oneBar(plot: Plot, { from, to, low = 0, high, title }: Bar, kind: string): Markup {
  const top = down(plot, high);
  const box = html`x="${percent(plot, from)}" width="${share(plot.x.at(to) - plot.x.at(from))}"`;
  return html`<rect class="bar ${kind}" ${box} y="${top}" height="${pixel(down(plot, low) - top)}"><title>${title}</title></rect>`;
}

export interface Block {
  readonly from: number;
  readonly to: number;
  /** Between them on y. */
  readonly top: number;
  readonly bottom: number;
  /** Cut off where the block is too narrow for it. */
  readonly label: string;
  /** Shown when it is pointed at. */
  readonly title: string;
}

/** A span of x in a lane, with its name in it. */
export function block(plot: Plot, { from, to, top, bottom, label, title }: Block, kind: string): Markup {
  const y = down(plot, top);
  const height = pixel(down(plot, bottom) - y);
  const width = share(plot.x.at(to) - plot.x.at(from));
  return html`<svg x="${percent(plot, from)}" width="${width}" y="${y}" height="${height}"><title>${title}</title><rect class="block ${kind}" width="100%" height="100%" rx="4"/><text class="in" x="7" y="${pixel(height / 2 + 4)}">${label}</text></svg>`;
}

/** Words at a place. */
export function words(plot: Plot, [x, y]: Point, text: string, kind = ''): Markup {
  const anchor = plot.x.at(x) > 0.6 ? 'end' : 'start';
  return html`<text class="name ${kind}" x="${percent(plot, x)}" y="${down(plot, y)}" text-anchor="${anchor}">${text}</text>`;
}

/** Words at the left end. */
export function atLeft(plot: Plot, y: number, text: string): Markup {
  return html`<text class="name lane" x="0" y="${down(plot, y)}">${text}</text>`;
}

/** Everything between two values of x. */
export function band(plot: Plot, from: number, to: number, kind: string): Markup {
  const width = share(plot.x.at(to) - plot.x.at(from));
  return html`<rect class="band ${kind}" x="${percent(plot, from)}" width="${width}" y="${ABOVE}" height="${plot.height}"/>`;
}

/** A value of y that must, or must not, be reached. */
export function limit(plot: Plot, value: number, label: string, kind = ''): Markup {
  const y = down(plot, value);
  return html`<line class="limit ${kind}" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="name ${kind}" x="${BESIDE_TICKS}" y="${pixel(y - 5)}">${label}</text>`;
}

export interface Moment {
  readonly at: number;
  readonly label: string;
  /** Names of moments that are near each other stand on rows of their own. @default 0, above the plot */
  readonly row?: number;
}

/** A moment on x, with its name. */
export function moment(plot: Plot, { at, label, row = 0 }: Moment, kind = ''): Markup {
  const x = percent(plot, at);
  const anchor = plot.x.at(at) > 0.6 ? 'end' : 'start';
  const y = ABOVE - 6 + ROW * row;
  return html`<line class="moment ${kind}" x1="${x}" x2="${x}" y1="${ABOVE - 4}" y2="${ABOVE + plot.height}"/><text class="name ${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${label}</text>`;
}

/** Something that went wrong at a place. */
export function cross(plot: Plot, [x, y]: Point, title: string): Markup {
  return html`<text class="cross" x="${percent(plot, x)}" y="${down(plot, y) + 5}" text-anchor="middle">×<title>${title}</title></text>`;
}

export function dot(plot: Plot, [x, y]: Point, kind: string): Markup {
  return html`<circle class="dot ${kind}" cx="${percent(plot, x)}" cy="${down(plot, y)}" r="3.5"/>`;
}

function rules(plot: Plot): readonly Markup[] {
  return plot.y.ticks.map(({ value }) => {
    const y = down(plot, value);
    return html`<line class="rule" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
  });
}

/** Names of heights, on their rules and over everything, so that no gutter is needed beside the plot. */
function heights(plot: Plot): readonly Markup[] {
  return plot.y.ticks.map(
    ({ value, label }) => html`<text class="tick" x="0" y="${pixel(down(plot, value) - 3)}">${label}</text>`,
  );
}

/** The first tick bears the unit, as it has room to its right on every screen. */
function axis(plot: Plot, unit: string): readonly Markup[] {
  return plot.x.ticks.map(({ value, label }, i) => {
    const where = plot.x.at(value);
    const anchor = where < 0.02 ? 'start' : where > 0.98 ? 'end' : 'middle';
    const text = i === 0 ? `${label} ${unit}` : label;
    return html`<text class="tick" x="${percent(plot, value)}" y="${ABOVE + plot.height + 14}" text-anchor="${anchor}">${text}</text>`;
  });
}

function stretched({ height }: Plot, content: Markup): Markup {
  return html`<svg x="0" y="${ABOVE}" width="100%" height="${height}" viewBox="0 0 ${ACROSS} ${height}" preserveAspectRatio="none" overflow="visible">${content}</svg>`;
}

function path(plot: Plot, points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${across(plot, x)} ${pixel(down(plot, y) - ABOVE)}`).join('L')}`;
}

function across({ x }: Plot, value: number): number {
  return pixel(ACROSS * x.at(value));
}

/** Pixels from the top of the picture. */
function down({ y, height }: Plot, value: number): number {
  return pixel(ABOVE + (1 - y.at(value)) * height);
}

function percent({ x }: Plot, value: number): string {
  return share(x.at(value));
}

function share(part: number): string {
  return `${Number((100 * part).toFixed(2))}%`;
}

function pixel(value: number): number {
  return Number(value.toFixed(1));
}
