import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ledger } from '../lambda/gate/ledger';
import { type Notice, type ReleaseStory, storyFrom } from '../lambda/report/story';
import { BreakGlassDoor } from './break-glass-door';
import { Cluster } from './cluster';
import { type ClusterPlan, clusterPlan, type RehearsedEnv } from './cluster-plan';
import type { Fault } from './faults/fault';
import { MinuteSchedule } from './minute-schedule';
import { ShippedMigrations } from './order/shipped-migrations';
import { ledgerFolder } from './ports/ledger-folder';
import { linesOf } from './ports/metrics-file';
import type { RunFolder } from './processes/run-folder';
import { deployFirst } from './release-deployment';
import { ReleaseEnvironment } from './release-environment';
import { type ReleaseResult, ReleaseRun } from './release-run';
import { makeSecrets, type Secrets } from './services/secrets';
import { type Stores, startStores } from './stores/stores';
import { Timeline } from './timeline';
import { Crowd, userName } from './traffic/crowd';
import { BUCKETS_MS } from './traffic/traffic-meter';
import type { Watcher } from './watcher';

export interface RehearsalOptions {
  readonly folder: RunFolder;
  /** Folder that holds `node_modules` and `reference`. */
  readonly root: string;
  /** Path of a program's bundle by its name. */
  program(name: string): string;
  readonly env: RehearsedEnv;
  readonly minuteMs: number;
  readonly seed: number;
  /** Of the users' entrance; 0 for a free one. */
  readonly port: number;
  readonly users: number;
  /** Where the ledger and the reports are kept. */
  readonly output: string;
  readonly watcher: Watcher;
}

interface Parts {
  readonly plan: ClusterPlan;
  readonly stores: Stores;
  readonly cluster: Cluster;
  readonly timeline: Timeline;
  readonly ledger: Ledger;
  readonly door: BreakGlassDoor;
}

const FIRST = 'v1';

/** Coach on this machine, with a stable release that serves users, ready for releases to be tried. */
export class Rehearsal {
  /** Resolves with the reason when a store goes away in the middle, or a minute cannot be written down. */
  readonly lost: Promise<Error>;
  private readonly schedule: MinuteSchedule;
  private run: ReleaseRun | undefined;
  /** Folder of the migrations that the release which serves everybody ships. */
  private migrations: string;
  private count = 1;

  /** @throws Error when a store, a port or the stable release does not come up; nothing is left running */
  static async start(options: RehearsalOptions): Promise<Rehearsal> {
    const secrets = makeSecrets();
    options.watcher.note('starting stores');
    const stores = await startStores(options.folder, needs(options, secrets));
    for (const description of stores.descriptions) options.watcher.note(description);
    try {
      return await Rehearsal.serve(options, stores, secrets);
    } catch (cause) {
      await stores.stop();
      throw cause;
    }
  }

  private static async serve(options: RehearsalOptions, stores: Stores, secrets: Secrets): Promise<Rehearsal> {
    const { folder, program, seed, port, output, watcher, users } = options;
    const plan = clusterPlan(options.env, options.minuteMs);
    const timeline = new Timeline();
    const ledgerPath = join(output, 'ledger');
    mkdirSync(ledgerPath, { recursive: true });
    const { databaseUrl, queueUrl } = stores;
    const cluster = await Cluster.open({
      ...{ folder, program, seed, port, plan, secrets, databaseUrl, queueUrl, ledger: ledgerPath },
      observe: (happening) => timeline.add(happening),
    });
    try {
      const ledger = new Ledger(ledgerFolder(ledgerPath));
      const migrations = ShippedMigrations.in(folder.folder(`migrations-${FIRST}`), migrationsOf(options));
      await deployFirst({ cluster, plan, program, ledger }, FIRST, migrations.level);
      const door = new BreakGlassDoor({ cluster, plan, program, ledger }, output);
      await door.open();
      const { productionUrl: url } = cluster.places;
      const crowd = new Crowd({ url, users, password: secrets.userPassword, seed });
      watcher.note(`${FIRST} serves ${users} users at ${url}`);
      return new Rehearsal(options, { plan, stores, cluster, timeline, ledger, door }, crowd);
    } catch (cause) {
      await cluster.close();
      throw cause;
    }
  }

  private constructor(
    private readonly options: RehearsalOptions,
    private readonly parts: Parts,
    private readonly crowd: Crowd,
  ) {
    let breakOff: (cause: Error) => void = () => undefined;
    const broken = new Promise<Error>((resolve) => {
      breakOff = resolve;
    });
    this.lost = Promise.race([parts.stores.lost, broken]);
    this.migrations = migrationsOf(options);
    this.schedule = new MinuteSchedule(options.minuteMs, (minuteStart) => {
      this.minute(minuteStart).catch(breakOff);
    });
    this.schedule.start();
  }

  /** Send one release along the whole path. */
  async release(fault: Fault): Promise<ReleaseResult> {
    this.count += 1;
    const id = `v${this.count}`;
    const { watcher, program, minuteMs } = this.options;
    const { cluster, stores } = this.parts;
    const around = { cluster, line: stores.line, crowd: this.crowd, minuteMs };
    const environment = new ReleaseEnvironment(id, around, (what) => watcher.note(`${fault.name}: ${what}`));
    const { folder } = this.options;
    const migrations = ShippedMigrations.in(folder.folder(`migrations-${id}`), this.migrations, fault.migrations);
    const place = { ...this.parts, program, migrations, databaseUrl: stores.directUrl };
    this.run = new ReleaseRun({ id, fault, environment, watcher, crowd: this.crowd, ...place });
    try {
      const result = await this.run.toItsEnd();
      if (result.outcome === 'promoted') this.migrations = migrations.folder;
      return result;
    } finally {
      environment.end();
      this.run = undefined;
    }
  }

  get cluster(): Cluster {
    return this.parts.cluster;
  }

  /** For people: what the stores are. */
  get descriptions(): readonly string[] {
    return this.parts.stores.descriptions;
  }

  /** Everything a report tells of a release. */
  async story({ release, fault, facts, felt, asExpected, outcome, because }: ReleaseResult): Promise<ReleaseStory> {
    const { plan, cluster, ledger } = this.parts;
    const { name: system, env, front } = plan.model;
    const { minuteMs } = this.options;
    return storyFrom(ledger, release, {
      ...{ system, env, front, minuteMs, timeline: facts.timeline },
      traffic: { bucketsMs: BUCKETS_MS, minutes: facts.traffic },
      notices: (await linesOf<Notice>(cluster.places.notices)).filter(({ subject }) =>
        subject.startsWith(`${release}:`),
      ),
      refused: outcome === 'refused' ? because : undefined,
      rehearsed: { fault: fault.name, sentence: fault.sentence, expected: fault.expected.outcome, asExpected },
      facts: [
        ...this.descriptions.map((description) => ['store', description] as const),
        ['time', `one minute takes ${minuteMs / 1_000} s`],
        ['users', `${felt.actions} things they did were answered by ${release}, ${felt.failed} of them badly`],
      ],
    });
  }

  async stop(): Promise<void> {
    this.schedule.stop();
    this.parts.door.close();
    await this.crowd.leave();
    await this.parts.cluster.close();
    await this.parts.stores.stop();
  }

  /** What EventBridge and CloudWatch do each minute. */
  private async minute(minuteStart: number): Promise<void> {
    const { cluster } = this.parts;
    const counted = await cluster.meter.close(minuteStart - this.options.minuteMs);
    cluster.alarms.add(counted);
    // An invocation that fails is logged by the function; the next minute brings the next one.
    void cluster.functions.prober.invoke({}).catch(() => undefined);
    await this.run?.look(counted);
  }
}

function needs({ root, users }: RehearsalOptions, { probePassword, userPassword }: Secrets) {
  const crowd = Array.from({ length: users }, (_, i) => userName(i));
  return {
    root,
    migrations: migrationsOf({ root }),
    accounts: [
      { name: 'probe', password: probePassword, role: 'probe' as const },
      ...crowd.map((name) => ({ name, password: userPassword, role: 'user' as const })),
    ],
  };
}

function migrationsOf({ root }: Pick<RehearsalOptions, 'root'>): string {
  return join(root, 'reference', 'migrations');
}
