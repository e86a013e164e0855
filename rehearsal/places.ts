/** Where the parts of a rehearsal find each other. Handed to its processes as JSON in one environment variable. */
export interface Places {
  /** Folder of the ledger. */
  readonly ledger: string;
  /** Folder of counts and signals. */
  readonly metrics: string;
  /** File of the canary pointer. */
  readonly pointer: string;
  /** File of what people were told. */
  readonly notices: string;
  /** The controller's API. */
  readonly controllerUrl: string;
  /** Where other processes invoke the gate. */
  readonly gateUrl: string;
  /** Entrance of each service's test rule. */
  readonly testUrls: Readonly<Record<string, string>>;
  /** Entrance of users. */
  readonly productionUrl: string;
}

export const PLACES_VARIABLE = 'REHEARSAL_PLACES';

export function readPlaces(): Places {
  return JSON.parse(process.env[PLACES_VARIABLE]!) as Places;
}

/** What a command at another terminal must know of a rehearsal that runs. */
export interface RunningRehearsal {
  readonly controllerUrl: string;
  /** `PUT /services` and `PUT /workers` put those back on the release in the body. */
  readonly breakGlassUrl: string;
  readonly pointer: string;
  readonly notices: string;
  /** Process id of the rehearsal: one that was killed leaves this behind. */
  readonly pid: number;
}

export const RUNNING_FILE = 'running.json';
