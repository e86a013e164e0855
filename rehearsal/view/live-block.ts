import { cellsOf, type Line, painted } from './ink';

/** What is needed of `process.stdout`. */
export interface ViewStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const TO_LINE_END = '\x1b[K';
const TO_SCREEN_END = '\x1b[J';

/**
 * Lines at the bottom of a terminal that are drawn over and over in place.
 *
 * The cursor is never hidden and the screen never switched, so nothing has to be put right, however the process ends.
 */
export class LiveBlock {
  /** Lines as they stand on the terminal. */
  private shown: readonly Line[] = [];

  constructor(
    private readonly stream: ViewStream,
    private readonly colours: boolean,
  ) {}

  /** One less than the terminal has, as a full line may wrap. */
  get columns(): number {
    return Math.max(1, (this.stream.columns || 80) - 1);
  }

  /** Show other lines in place of those that stand there; does nothing if they are the same. */
  show(lines: readonly Line[]): void {
    const fitting = this.fitting(lines);
    if (this.paint(fitting) !== this.paint(this.shown)) this.put([], fitting);
  }

  /** Lines that stay and scroll away, above the block. */
  print(lines: readonly Line[]): void {
    this.put(lines, this.shown);
  }

  /** What stands there stays, and a new block begins below. */
  leave(): void {
    this.shown = [];
  }

  private put(above: readonly Line[], block: readonly Line[]): void {
    const up = this.rowsShown();
    this.stream.write(`${up > 0 ? `\x1b[${up}A` : ''}\r${this.paint(above)}${this.paint(block)}${TO_SCREEN_END}`);
    this.shown = block;
  }

  private paint(lines: readonly Line[]): string {
    return lines.map((line) => `${painted(line, this.colours)}${TO_LINE_END}\n`).join('');
  }

  /** A block that is higher than the terminal could not be drawn over. */
  private fitting(lines: readonly Line[]): readonly Line[] {
    return lines.slice(0, Math.max(0, (this.stream.rows || 24) - 1));
  }

  /** A terminal that has become narrower has wrapped the lines that stand on it. */
  private rowsShown(): number {
    const columns = this.stream.columns || 80;
    const rowsOf = (line: Line) => Math.max(1, Math.ceil(cellsOf(line.map(({ text }) => text).join('')) / columns));
    return this.shown.reduce((rows, line) => rows + rowsOf(line), 0);
  }
}
