/**
 * What a stage's failure means for the release.
 *
 * - `refuse`: nothing has changed yet, so nothing is taken back
 * - `take back`: every service, worker and site goes back to the stable release
 * - `note`: the release stands; people are told
 */
export type OnFailure = 'refuse' | 'take back' | 'note';

/** The order of a production release. The name is what the ledger, the reports and people call it. */
export const STAGES = [
  { name: 'window', does: 'checks that releases go out at this hour', onFailure: 'refuse' },
  {
    name: 'freeze',
    does: 'checks that nobody has frozen the system and no other release is under way',
    onFailure: 'refuse',
  },
  {
    name: 'alarms',
    does: 'checks that no deployment alarm is firing: ECS ignores one that fires already',
    onFailure: 'refuse',
  },
  { name: 'schema', does: 'checks that no running release needs what its migrations take away', onFailure: 'refuse' },
  { name: 'backup', does: 'makes a point of recovery', onFailure: 'refuse' },
  { name: 'migrate', does: 'applies its migrations', onFailure: 'refuse' },
  {
    name: 'canary',
    does: 'deploys it to its share of the users, and waits for the verdict and its end',
    onFailure: 'take back',
  },
  { name: 'workers', does: 'brings the workers to it', onFailure: 'take back' },
  { name: 'sites', does: 'points the static sites at it', onFailure: 'take back' },
  { name: 'smoke', does: 'asks it what a user would ask', onFailure: 'take back' },
  { name: 'report', does: 'writes down what was released, and tells people', onFailure: 'note' },
] as const satisfies readonly Stage[];

export interface Stage {
  readonly name: string;
  /** For people, after "it". */
  readonly does: string;
  readonly onFailure: OnFailure;
}

export type StageName = (typeof STAGES)[number]['name'];
