import type { DeploymentPort, LedgerStore, NoticePort } from '../../lambda/gate/ports';

/** Why a release may not go on, in words for people. A port throws it for what will not get better by itself. */
export class Refusal extends Error {}

/**
 * What an order asks of the world around it. Each call may be repeated after it was cut short at any point, and then does what is
 * left of it; each resolves when it is done, and throws a {@link Refusal} when it cannot be done. Any other error is a fault of the
 * moment.
 */
export interface OrderPorts {
  readonly ledger: LedgerStore;
  readonly notices: NoticePort;
  readonly alarms: {
    /** Names of the deployment alarms that are firing. */
    firing(): Promise<readonly string[]>;
  };
  readonly database: {
    /** Make a point of recovery for a release, unless it has one. @returns what to restore from */
    backUp(release: string): Promise<string>;
    /** Names of the migrations a release ships, without `.sql`. */
    migrations(release: string): Promise<readonly string[]>;
    /** Run the release's migration task. Two at once wait for each other. */
    migrate(release: string): Promise<void>;
  };
  readonly services: Pick<DeploymentPort, 'latest'> & {
    /** Begin the deployment of every service behind the balancer whose latest one is not of this release. */
    begin(release: string): Promise<void>;
    /** Put every service on a release that ran before, at once and without a canary. */
    putBack(release: string): Promise<void>;
  };
  readonly workers: {
    /** Roll the workers to a release; those that run it already stay. */
    deploy(release: string): Promise<void>;
  };
  readonly sites: {
    /** Show every viewer the static sites of a release. */
    point(release: string): Promise<void>;
  };
  readonly smoke: {
    /** Ask through the users' entrance. @returns the release that answered, and whether well */
    ask(): Promise<{ readonly release: string | undefined; readonly healthy: boolean; readonly detail: string }>;
  };
  readonly report: {
    /** Write what was released to the ledger. @returns one line for people */
    write(release: string): Promise<string>;
  };
  /** Milliseconds since the epoch. */
  now(): number;
  /** Wait before looking again. */
  pause(): Promise<void>;
}
