import { Stack, type StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { CacheTask } from '../constructs/cache-task';
import { Flags } from '../constructs/flags';
import { ObjectStore } from '../constructs/object-store';
import { Postgres } from '../constructs/postgres';
import { retention } from '../constructs/retention';
import { GeneratedAccount, SharedSecret } from '../constructs/shared-secret';
import type { StoreAccess } from '../constructs/store-access';
import { Valkey } from '../constructs/valkey';
import { databaseSize } from '../model/database-size';
import { internalZone } from '../model/listeners';
import { globalName, physicalName, secretName } from '../model/names';
import type { StoreConfig, SystemModel } from '../model/system';
import { type CopiesStack, copyName } from './copies-stack';
import type { KeysStack } from './keys-stack';
import type { NetworkStack } from './network-stack';

export interface DataStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
  /** @default - nothing is copied to another region */
  readonly copies?: CopiesStack;
  /** ARN of automated backups that the database starts from. @default - it starts empty */
  readonly restoreFrom?: string;
}

/** Whoever signs in to be measured. */
export const PROBE_ACCOUNT = 'probe';

/** Everything that is lost when it is deleted. Termination is refused where the tier keeps data, and no id in here ever changes. */
export class DataStack extends Stack {
  readonly databases = new Map<string, Postgres>();
  readonly caches = new Map<string, Valkey | CacheTask>();
  readonly objects = new Map<string, ObjectStore>();
  readonly flags: Flags;
  readonly probeAccount: GeneratedAccount;
  private readonly shared = new Map<string, SharedSecret>();
  private readonly key: IKey;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DataStackProps,
  ) {
    super(scope, id, { ...props, terminationProtection: props.model.tier.retain });
    const { model, keys } = props;
    this.key = Key.fromKeyArn(this, 'Key', keys.key.keyArn);
    for (const [name, store] of Object.entries(model.stores)) this.define(name, store);
    this.probeAccount = new GeneratedAccount(this, 'ProbeAccount', {
      ...{ name: secretName(model, PROBE_ACCOUNT), user: PROBE_ACCOUNT, description: 'Signs in to be measured' },
      ...{ key: this.key, retain: model.tier.retain },
    });
    for (const name of sharedSecrets(model)) this.defineShared(name);
    this.flags = new Flags(this, 'Flags', { name: physicalName(model), flags: model.flags });
  }

  /** How a service or a task uses a store. */
  access(store: string, role: 'app_rw' | 'migrator' = 'app_rw'): StoreAccess {
    const config = this.props.model.stores[store];
    const pool = config && 'poolPerTask' in config ? config.poolPerTask : undefined;
    const access =
      this.databases.get(store)?.access(role, pool ?? 10) ??
      this.caches.get(store)?.access() ??
      this.objects.get(store)?.access();
    if (access) return access;
    throw new Error(
      `${this.stackName}: stores.${store}: expected a store that is made here, got none; add it to stores`,
    );
  }

  /** The secrets that a service names, by environment variable. */
  secretsOf(byVariable: Readonly<Record<string, string>>): Readonly<Record<string, Secret>> {
    return Object.fromEntries(Object.entries(byVariable).map(([variable, name]) => [variable, this.secret(name)]));
  }

  private secret(name: string): Secret {
    if (name === PROBE_ACCOUNT) return Secret.fromSecretsManager(this.probeAccount.secret, 'password');
    return Secret.fromSecretsManager(this.shared.get(name)!.secret);
  }

  private defineShared(name: string): void {
    const { model } = this.props;
    const props = { name: secretName(model, name), key: this.key, retain: model.tier.retain };
    this.shared.set(
      name,
      new SharedSecret(this, `Secret-${name}`, { ...props, description: `${name}, kid:secret pairs` }),
    );
  }

  private define(name: string, store: StoreConfig): void {
    if (store.kind === 'postgres') this.databases.set(name, this.definePostgres(name, store.readReplicas ?? 0));
    if (store.kind === 'cache') this.caches.set(name, this.defineCache(name, store.replicas));
    if (store.kind === 'bucket') this.objects.set(name, this.defineObjects(name, store.archiveAfterDays ?? 30));
  }

  private definePostgres(name: string, readReplicas: number): Postgres {
    const { model, network } = this.props;
    const { tier } = model;
    return new Postgres(this, name, {
      ...{ vpc: network.network.vpc, group: network.reach.of(this, name), key: this.key, readReplicas },
      ...{ identifier: physicalName(model, name), database: model.name },
      ...{ size: databaseSize(model, name), retain: tier.retain, logDays: retention(tier.logDays) },
      restoreFrom: this.props.restoreFrom,
      copies: this.props.copies && { region: this.props.copies.region, keyArn: this.props.copies.key.keyArn },
    });
  }

  private defineCache(name: string, replicas?: number): Valkey | CacheTask {
    const { model, network } = this.props;
    const { tier } = model;
    const common = {
      ...{ group: network.reach.of(this, name), key: this.key, secretPrefix: secretName(model, name) },
      logDays: retention(tier.logDays),
    };
    if (tier.cache.kind === 'task')
      return new CacheTask(this, name, {
        ...common,
        cluster: network.cluster,
        zoneName: `${name}.${internalZone(model)}`,
      });
    return new Valkey(this, name, {
      ...{ ...common, vpc: network.network.vpc, identifier: physicalName(model, name), retain: tier.retain },
      ...{ node: tier.cache.node, replicas: replicas ?? tier.cache.replicas },
    });
  }

  private defineObjects(name: string, archiveAfterDays: number): ObjectStore {
    const { model, network, copies } = this.props;
    const copy = copies && {
      bucketArn: `arn:${this.partition}:s3:::${copyName(model, name, copies.region)}`,
      keyArn: copies.key.keyArn,
    };
    return new ObjectStore(this, name, {
      copy,
      ...{
        key: this.key,
        logs: network.logs.bucket,
        name,
        bucketName: globalName(model, name),
        archiveAfterDays,
        retain: model.tier.retain,
      },
    });
  }
}

function sharedSecrets({ services, tasks }: SystemModel): readonly string[] {
  const named = [...Object.values(services), ...Object.values(tasks)].flatMap(({ secrets }) => Object.values(secrets));
  return [...new Set(named)].filter((name) => name !== PROBE_ACCOUNT);
}
