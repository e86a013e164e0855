import type { Happening } from '../../lambda/report/story';
import type { Minute, Plan } from '../../lib/model/gate-plan';
import { elapsedInWords } from './elapsed';
import { frame } from './frame';
import { ink, type Line } from './ink';
import { LiveBlock, type ViewStream } from './live-block';
import { type Ended, endInWords, type PlainEvent, plainLine } from './plain-lines';
import { begun, happened, minuteClosed, planned, type Subject, type ViewState } from './view-state';

export interface ReleaseViewOptions {
  readonly stream: ViewStream;
  /** Milliseconds since the epoch. */
  now(): number;
  /** @default - `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Redrawn at most ten times a second, however much happens. */
const REDRAW_MS = 100;

/** A release as it goes along its path: a block that is redrawn in place on a terminal, a line for each event elsewhere. */
export class ReleaseView {
  /** Absent where there is no terminal. */
  private readonly block: LiveBlock | undefined;
  private state: ViewState | undefined;
  /** What was last told of each service. */
  private readonly lastSaid = new Map<string, string>();
  private since: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ReleaseViewOptions) {
    const { stream, now, env = process.env } = options;
    if (stream.isTTY && env.TERM !== 'dumb') this.block = new LiveBlock(stream, !env.NO_COLOR);
    this.since = now();
  }

  /** A line about the rehearsal itself. */
  note(text: string): void {
    this.block?.print([[ink(text, 'dim')]]);
    this.tell({ kind: 'note', text });
  }

  begin(subject: Subject): void {
    this.since = this.options.now();
    this.state = begun(subject);
    this.tell({ kind: 'begun', subject });
    if (this.block) this.timer = setInterval(() => this.draw(), REDRAW_MS).unref();
    this.draw();
  }

  /** The plan stands: the canary may take its share. */
  planned(plan: Plan): void {
    this.change((state) => planned(state, plan));
    this.tell({ kind: 'planned', plan });
  }

  happened(happening: Happening): void {
    this.change((state) => happened(state, happening));
    const { service, ...what } = happening;
    const said = JSON.stringify(what);
    // A hook that is asked every minute gives the same answer for half an hour.
    if (this.lastSaid.get(service) !== said) this.tell({ kind: 'happened', happening });
    this.lastSaid.set(service, said);
  }

  /** A minute has closed. */
  minute(minute: Minute): void {
    this.change((state) => minuteClosed(state, minute));
    this.tell({ kind: 'minute', minute, verdict: this.state?.verdict });
  }

  /** The release is over: a few lines that stay take the place of the block. */
  ended(ended: Ended): void {
    if (!this.state) return;
    const { release, title } = this.state;
    clearInterval(this.timer);
    this.state = undefined;
    this.block?.show([]);
    this.block?.print(this.summary(`${release} · ${title}`, ended));
    this.tell({ kind: 'ended', release, ended });
  }

  /** Nothing is drawn from now on; what stands on the terminal stays. May be called more than once. */
  close(): void {
    clearInterval(this.timer);
    this.draw();
    this.state = undefined;
    this.block?.leave();
  }

  private change(update: (state: ViewState) => ViewState): void {
    if (this.state) this.state = update({ ...this.state, elapsedMs: this.elapsedMs });
  }

  private draw(): void {
    if (this.state) this.block?.show(frame({ ...this.state, elapsedMs: this.elapsedMs }, this.block.columns));
  }

  private tell(event: PlainEvent): void {
    if (!this.block) this.options.stream.write(`${plainLine(this.elapsedMs, event)}\n`);
  }

  private summary(name: string, ended: Ended): readonly Line[] {
    const style = ended.asExpected ? 'good' : 'bad';
    const mark = ended.asExpected ? '✓' : '✗';
    const lasted = ink(`  ${elapsedInWords(this.elapsedMs)}`, 'dim');
    return [
      [ink(`${mark} `, style), ink(`${name} `, 'bold'), ink(endInWords(ended), style), lasted],
      [ink(`  ${ended.because}`)],
      [ink(`  ${ended.report}`, 'dim')],
    ];
  }

  private get elapsedMs(): number {
    return this.options.now() - this.since;
  }
}
