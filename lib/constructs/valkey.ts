import { RemovalPolicy } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import {
  CfnParameterGroup,
  CfnReplicationGroup,
  CfnSubnetGroup,
  CfnUser,
  CfnUserGroup,
} from 'aws-cdk-lib/aws-elasticache';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { CACHE_PORT } from '../model/reach';
import { type Accepted, acknowledge } from './acknowledge';
import { ComposedSecret, GeneratedAccount } from './shared-secret';
import type { StoreAccess } from './store-access';

export interface ValkeyProps {
  readonly vpc: IVpc;
  readonly group: ISecurityGroup;
  readonly key: IKey;
  /** Physical name, at most 40 characters. */
  readonly identifier: string;
  readonly node: string;
  readonly replicas: number;
  /** Prefix of the secrets' names. */
  readonly secretPrefix: string;
  readonly retain: boolean;
  readonly logDays: RetentionDays;
}

const ENGINE = 'valkey';
const VERSION = '8.2';
const FAMILY = 'valkey8';

/** BullMQ needs INFO and CLIENT of what is dangerous, and nothing else of it. */
const RIGHTS = 'on ~* &* +@all -@dangerous +info +client';
const LOGS = ['slow-log', 'engine-log'] as const;

const USERS: Accepted = {
  ids: ['AwsSolutions-AEC6'],
  why: 'Users with passwords and rights of their own have taken the place of the one token.',
  instead: 'a user group: the default user is off, the application may do what a queue needs.',
  again: 'when the check knows user groups.',
};
const NO_BACKUP: Accepted = {
  ids: ['NIST.800.53.R5-ElastiCacheRedisClusterAutomaticBackup'],
  why: 'Nothing is ever restored: jobs are made again from the outbox, sessions by signing in.',
  instead: 'a replica that takes over, and where there is one a snapshot of the last day.',
  again: 'when something lives here alone.',
};
const ONE_NODE: Accepted = {
  ids: ['AwsSolutions-AEC4', 'NIST.800.53.R5-ElastiCacheRedisClusterMultiAZ'],
  why: 'Losing the node costs the tests that run at that moment.',
  instead: 'jobs are made again from the outbox; a replica where users are.',
  again: 'when staging is measured for availability.',
};

/** One primary and its replicas that hold queues as well as cache: nothing is ever evicted, a full one refuses. */
export class Valkey extends Construct {
  /** `rediss://` with user and password. */
  readonly url: ISecret;
  readonly group: CfnReplicationGroup;

  constructor(scope: Construct, id: string, props: ValkeyProps) {
    super(scope, id);
    const account = new GeneratedAccount(this, 'Account', {
      ...{ name: `${props.secretPrefix}/account`, user: 'app', description: `User of ${props.identifier}` },
      ...{ key: props.key, retain: props.retain },
    });
    const users = this.users(props, account);
    this.group = this.nodes(props, users);
    acknowledge(this.group, USERS, NO_BACKUP, ...(props.replicas > 0 ? [] : [ONE_NODE]));
    this.group.applyRemovalPolicy(props.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    const endpoint = `${this.group.attrPrimaryEndPointAddress}:${CACHE_PORT}`;
    this.url = new ComposedSecret(this, 'Url', {
      ...{ name: `${props.secretPrefix}/url`, description: `How ${props.identifier} is reached` },
      ...{ key: props.key, retain: props.retain },
      text: `rediss://app:${account.password.unsafeUnwrap()}@${endpoint}`,
    }).secret;
  }

  access(): StoreAccess {
    const url = EcsSecret.fromSecretsManager(this.url);
    return { environment: {}, secrets: { CACHE_URL: url, QUEUE_URL: url } };
  }

  private nodes(props: ValkeyProps, users: CfnUserGroup): CfnReplicationGroup {
    const { vpc, group, key, identifier, node, replicas } = props;
    const isMany = replicas > 0;
    return new CfnReplicationGroup(this, 'Nodes', {
      replicationGroupDescription: `Cache and queues of ${identifier}`,
      ...{ replicationGroupId: identifier, engine: ENGINE, engineVersion: VERSION, cacheNodeType: node },
      ...{ numNodeGroups: 1, replicasPerNodeGroup: replicas },
      ...{ automaticFailoverEnabled: isMany, multiAzEnabled: isMany },
      ...{ transitEncryptionEnabled: true, transitEncryptionMode: 'required', atRestEncryptionEnabled: true },
      ...{
        kmsKeyId: key.keyArn,
        userGroupIds: [users.ref],
        port: CACHE_PORT,
        securityGroupIds: [group.securityGroupId],
      },
      cacheParameterGroupName: new CfnParameterGroup(this, 'Parameters', {
        cacheParameterGroupFamily: FAMILY,
        description: 'a queue must not lose its jobs to make room',
        properties: { 'maxmemory-policy': 'noeviction' },
      }).ref,
      cacheSubnetGroupName: new CfnSubnetGroup(this, 'Subnets', {
        description: identifier,
        subnetIds: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnetIds,
      }).ref,
      ...{ autoMinorVersionUpgrade: true, preferredMaintenanceWindow: 'sun:18:00-sun:19:00' },
      ...(isMany ? { snapshotRetentionLimit: 1, snapshotWindow: '17:00-18:00' } : {}),
      logDeliveryConfigurations: LOGS.map((logType) => this.deliver(props, logType)),
    });
  }

  private users({ identifier }: ValkeyProps, account: GeneratedAccount): CfnUserGroup {
    // Valkey's groups take users with a password alone, also one that may not come in
    const authenticationMode = { Type: 'password', Passwords: [account.password.unsafeUnwrap()] };
    const nobody = new CfnUser(this, 'Nobody', {
      ...{ engine: ENGINE, userId: `${identifier}-nobody`, userName: 'default', accessString: 'off -@all' },
      authenticationMode,
    });
    const app = new CfnUser(this, 'App', {
      ...{ engine: ENGINE, userId: `${identifier}-app`, userName: 'app', accessString: RIGHTS },
      authenticationMode,
    });
    return new CfnUserGroup(this, 'Users', {
      ...{ engine: ENGINE, userGroupId: `${identifier}-users`, userIds: [nobody.ref, app.ref] },
    });
  }

  private deliver({ identifier, key, logDays }: ValkeyProps, logType: (typeof LOGS)[number]) {
    const { logGroupName } = new LogGroup(this, logType, {
      ...{ logGroupName: `/aws/elasticache/${identifier}/${logType}`, encryptionKey: key, retention: logDays },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return {
      ...{ logType, logFormat: 'json', destinationType: 'cloudwatch-logs' },
      destinationDetails: { cloudWatchLogsDetails: { logGroup: logGroupName } },
    };
  }
}
