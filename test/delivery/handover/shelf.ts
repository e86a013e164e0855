import type { Handover, Incoming, Outgoing } from '../../../delivery/handover/handover';

export const COPY = 'run-1';

/** Where parcels lie on their way from one database to another. */
export class Shelf implements Incoming, Outgoing {
  readonly kept = new Map<string, Buffer>();

  async put(key: string, body: Buffer) {
    this.kept.set(key, body);
  }

  async get(key: string) {
    const body = this.kept.get(key);
    if (body) return body;
    throw new Error(`${key}: expected a part, got nothing`);
  }

  get handover(): Handover {
    return JSON.parse(this.kept.get(`${COPY}/manifest.json`)!.toString());
  }
}
