/** One of the terminal's codes, or one character. */
const TOKEN = /\p{Cc}\[\d*[A-Za-z]|./gsu;

/** As much of a terminal as the view uses: it wraps, scrolls, moves up and clears. */
export class Terminal {
  readonly isTTY = true;
  private lines: string[] = [''];
  private row = 0;
  private column = 0;

  constructor(
    public columns: number,
    readonly rows: number,
  ) {}

  write(text: string): void {
    for (const [token] of text.matchAll(TOKEN)) this.take(token);
  }

  /** Lines that are too long wrap, as terminals do it. */
  narrow(columns: number): void {
    this.columns = columns;
    const above = this.lines.slice(0, this.row).flatMap((line) => this.wrapped(line));
    this.lines = [...above, ...this.lines.slice(this.row).flatMap((line) => this.wrapped(line))];
    this.row = above.length;
  }

  text(): string {
    return this.lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  private take(token: string): void {
    if (token === '\n') this.to(this.row + 1, 0);
    else if (token === '\r') this.column = 0;
    else if (token.endsWith('A') && token.startsWith('\x1b')) this.up(Number(token.slice(2, -1)));
    else if (token === '\x1b[K') this.lines[this.row] = this.lines[this.row]!.slice(0, this.column);
    else if (token === '\x1b[J')
      this.lines = [...this.lines.slice(0, this.row), this.lines[this.row]!.slice(0, this.column)];
    else if (!token.startsWith('\x1b')) this.put(token);
  }

  private put(character: string): void {
    if (this.column === this.columns) this.to(this.row + 1, 0);
    const line = this.lines[this.row]!;
    this.lines[this.row] = line.slice(0, this.column).padEnd(this.column) + character + line.slice(this.column + 1);
    this.column += 1;
  }

  /** No further than the screen's first row: what has scrolled away cannot be reached. */
  private up(count: number): void {
    this.row = Math.max(this.row - count, this.lines.length - this.rows, 0);
  }

  private to(row: number, column: number): void {
    while (this.lines.length <= row) this.lines.push('');
    [this.row, this.column] = [row, column];
  }

  private wrapped(line: string): string[] {
    return line === '' ? [''] : (line.match(new RegExp(`.{1,${this.columns}}`, 'gu')) ?? []);
  }
}
