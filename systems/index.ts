import type { SystemConfig } from '../lib/model/system';
import { coach } from './coach';

/** Every system this app deploys. */
export const SYSTEMS: readonly SystemConfig[] = [coach];
