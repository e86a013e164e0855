const MINUTE_MS = 60_000;

/** How often each of many may do something in a minute. It counts in memory, so for this task alone, as the limit of requests does. */
export class MinuteBudget {
  private readonly spent = new Map<string, number>();
  private endsAt = 0;

  constructor(readonly perMinute: number) {}

  /** @returns whether there was any left */
  spend(who: string, now = Date.now()): boolean {
    if (now >= this.endsAt) {
      this.spent.clear();
      this.endsAt = now + MINUTE_MS;
    }
    const spent = this.spent.get(who) ?? 0;
    this.spent.set(who, spent + 1);
    return spent < this.perMinute;
  }
}
