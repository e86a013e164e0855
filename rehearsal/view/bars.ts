import { ink, type Line, type Style } from './ink';

/** Where on a bar over evidence its limit stands, so that what goes beyond it is seen. */
const LIMIT_AT = 0.8;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

export interface Bar {
  /** In cells. */
  readonly width: number;
  /** Part of it that is filled, 0 to 1. */
  readonly filled: number;
  readonly style: Style;
  /** Where along it a mark stands, 0 to 1. */
  readonly mark?: number;
}

/** A bar with an eighth of a cell's precision; its mark is always seen. */
export function bar({ width, filled, style, mark }: Bar): Line {
  const eighths = Math.round(8 * width * Math.min(1, Math.max(0, filled)));
  const full = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  const rest = '·'.repeat(width - full.length);
  if (mark === undefined) return [ink(full, style), ink(rest, 'dim')];
  const cells = [...full, ...rest];
  const at = Math.min(width - 1, Math.floor(mark * width));
  const part = (from: number, to: number): Line => [
    ink(cells.slice(from, Math.min(to, full.length)).join(''), style),
    ink(cells.slice(Math.max(from, full.length), to).join(''), 'dim'),
  ];
  return [...part(0, at), ink('│', 'bold'), ...part(at + 1, width)];
}

/** Evidence on a logarithmic scale from 1 on, against its limit. @param ln natural logs, as all evidence is kept */
export function evidenceBar(width: number, { ln, lnLimit }: { ln: number; lnLimit: number }, style: Style): Line {
  return bar({ width, filled: (LIMIT_AT * ln) / lnLimit, style, mark: LIMIT_AT });
}
