import { Signer } from '@aws-sdk/rds-signer';
import { type DatabasePlace, MIGRATOR } from '../../delivery/handover/migrator';

/** A database as its migrator reaches it, by tokens of the function's own role. */
export function withToken(place: Omit<DatabasePlace, 'token'>): DatabasePlace {
  const signer = new Signer({ hostname: place.host, port: place.port, username: MIGRATOR });
  return { ...place, token: () => signer.getAuthToken() };
}
