/** What surrounds a release, as far as a fault may disturb it. */
export interface Environment {
  /** Do something at the start of a minute, counted from the one in which the canary takes its share. */
  at(minute: number, action: () => void | Promise<void>): void;
  /** Hold back everything that goes to and from PostgreSQL, for everybody alike. 0 ends it. */
  slowDatabase(lagMs: number): void;
  /** Cut every connection to PostgreSQL and refuse new ones, or let them through again. */
  cutDatabase(isCut: boolean): void;
  /** Have users send and read as if from a bad line. */
  slowUsers(): void;
  /** kill -9 the gate's process. */
  killGate(): Promise<void>;
  /** kill -9 the prober's process, and every one that is started in its place. */
  killProber(): Promise<void>;
  /** kill -9 every task of the canary's service. */
  killTasks(service: string): void;
}
