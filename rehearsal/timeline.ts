import type { Happening, TimedHappening } from '../lambda/report/story';

/** Everything that happened to services since the rehearsal started, oldest first. */
export class Timeline {
  private readonly happenings: TimedHappening[] = [];
  private readonly listeners = new Set<(happening: TimedHappening) => void>();

  add(happening: Happening): void {
    const timed = { at: Date.now(), ...happening };
    this.happenings.push(timed);
    for (const listener of [...this.listeners]) listener(timed);
  }

  /** @returns ends the listening */
  listen(listener: (happening: TimedHappening) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  since(at: number): readonly TimedHappening[] {
    return this.happenings.filter((happening) => happening.at >= at);
  }
}
