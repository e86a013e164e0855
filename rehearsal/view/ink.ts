/** What a piece of text is about; a terminal with colours shows it. */
export type Style = 'plain' | 'dim' | 'bold' | 'canary' | 'stable' | 'good' | 'bad' | 'open';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One line of a terminal. */
export type Line = readonly Span[];

/** Text from anywhere: what would move a cursor or hide a letter becomes a space. */
export function ink(text: string, style: Style = 'plain'): Span {
  return { text: text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu, ' '), style };
}

/** Cells of a terminal that a text takes. */
export function cellsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + cellsOfOne(character), 0);
}

export function lengthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + cellsOf(text), 0);
}

/** As much of a line as fits, with an ellipsis where it was cut. */
export function clipped(line: Line, columns: number): Line {
  if (lengthOf(line) <= columns) return line;
  const kept: Span[] = [];
  let room = columns - 1;
  for (const { text, style } of line) {
    const part = beginning(text, room);
    kept.push({ text: part.length < text.length ? `${part}…` : part, style });
    if (part.length < text.length) return kept;
    room -= cellsOf(text);
  }
  return kept;
}

/** Text in so many cells, on the left or on the right of them. */
export function padded(text: string, cells: number, side: 'left' | 'right' = 'left'): string {
  const fits = beginning(text, cells);
  const air = ' '.repeat(cells - cellsOf(fits));
  return side === 'left' ? fits + air : air + fits;
}

/** Items set one after the other, in as many lines as that takes. */
export function wrapped(items: readonly Line[], columns: number, between: string): readonly Line[] {
  const lines: Line[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const joined = last && [...last, ink(between, 'dim'), ...item];
    if (joined && lengthOf(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(item);
  }
  return lines;
}

/** A line as characters, with the terminal's codes for its colours if it is to have them. */
export function painted(line: Line, colours: boolean): string {
  if (!colours) return line.map(({ text }) => text).join('');
  return line.map(({ text, style }) => (style === 'plain' ? text : `\x1b[${CODES[style]}m${text}\x1b[0m`)).join('');
}

const CODES: Readonly<Record<Exclude<Style, 'plain'>, string>> = {
  ...{ dim: '2', bold: '1', canary: '33', stable: '34', good: '32', bad: '31', open: '36' },
};

/** East Asian letters and emoji take two cells, marks none. */
function cellsOfOne(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

function beginning(text: string, cells: number): string {
  let kept = '';
  let room = cells;
  for (const character of text) {
    room -= cellsOfOne(character);
    if (room < 0) return kept;
    kept += character;
  }
  return kept;
}
