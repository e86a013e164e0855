import { setMaxListeners } from 'node:events';
import { seeded } from '../router/random';
import { type Experience, User } from './user';

export interface CrowdSettings {
  readonly url: string;
  readonly users: number;
  readonly password: string;
  readonly seed: number;
}

/** What users of one release lived through. */
export interface Felt {
  readonly actions: number;
  readonly failed: number;
}

/** Everybody who uses the system while releases come and go. */
export class Crowd {
  private readonly leaving = new AbortController();
  private readonly lives: Promise<void>[];
  private readonly felt = new Map<string, { actions: number; failed: number }>();
  private slow = false;

  constructor({ url, users, password, seed }: CrowdSettings) {
    setMaxListeners(0, this.leaving.signal);
    this.lives = Array.from({ length: users }, (_, i) => {
      const user = new User({
        ...{ name: userName(i), password, url, random: seeded(seed + i) },
        isSlow: () => this.slow,
        onExperience: (experience) => this.keep(experience),
      });
      return user.run(this.leaving.signal);
    });
  }

  /** From now on, as if from a bad line. */
  slowDown(isSlow: boolean): void {
    this.slow = isSlow;
  }

  /** What its users lived through so far. @param release @default - nobody answered them */
  feltOf(release = NOBODY): Felt {
    return { ...(this.felt.get(release) ?? { actions: 0, failed: 0 }) };
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await Promise.all(this.lives);
  }

  private keep({ release = NOBODY, well }: Experience): void {
    const felt = this.felt.get(release) ?? { actions: 0, failed: 0 };
    felt.actions += 1;
    if (!well) felt.failed += 1;
    this.felt.set(release, felt);
  }
}

const NOBODY = '';

/** Name of the i-th user, from 0, as the seed makes them. */
export function userName(i: number): string {
  return `user-${i + 1}`;
}
