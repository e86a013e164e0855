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
    const next = Math.floor(Date.now() / this.minuteMs + 1) * this.minuteMs;
    this.timer = setTimeout(() => {
      this.start();
      this.onMinute(next);
    }, next - Date.now());
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
