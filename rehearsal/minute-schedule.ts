/** Calls at the start of every minute, as a scheduler's rule does; whether earlier calls have come back does not matter. */
export class MinuteSchedule {
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param onMinute told the start of the minute that begins, in milliseconds since the epoch, a multiple of the minute's length
   */
  constructor(
    private readonly minuteMs: number,
    private readonly onMinute: (minuteStart: number) => void,
  ) {}

  start(): void {
    this.callAt(this.nextStart());
  }

  private nextStart(): number {
    return Math.floor(Date.now() / this.minuteMs + 1) * this.minuteMs;
  }

  private callAt(minuteStart: number): void {
    this.timer = setTimeout(() => {
      // A timer may come a millisecond early; the minute it came for is not called again.
      this.callAt(Math.max(this.nextStart(), minuteStart + this.minuteMs));
      this.onMinute(minuteStart);
    }, minuteStart - Date.now());
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
