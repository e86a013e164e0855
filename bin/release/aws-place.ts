import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AwsPutBack } from '../../delivery/break-glass/aws-put-back';
import type { BreakGlassPorts } from '../../delivery/break-glass/break-glass';
import { AwsDeployments } from '../../lambda/gate/aws-deployments';
import { awsLedger } from '../../lambda/gate/aws-ledger';
import { awsPointer } from '../../lambda/gate/aws-pointer';
import { ServiceDeployments } from '../../lambda/gate/aws-service-deployments';
import { Ledger } from '../../lambda/gate/ledger';
import type { LedgerStore, NoticePort } from '../../lambda/gate/ports';
import { gateConfigFor } from '../../lib/model/gate-config';
import { canaryWorkersName, physicalName, pointerParameter, stackName } from '../../lib/model/names';
import { resolve } from '../../lib/model/resolve';
import { ENV_NAMES, type SystemModel } from '../../lib/model/system';
import { SYSTEMS } from '../../systems';
import type { Place } from './place';

// Which Node is best is for those who install one; a person's order is answered in one line.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const EVERY_MS = 10_000;
const LOOK_MS = 5_000;

/** A ledger alone, by its address: what runs beside it cannot be asked. */
export function bucketPlace(address: string): Place {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(address) ?? [];
  if (bucket === undefined) throw new Error(`--ledger: expected s3://bucket/prefix, got ${address}; name the bucket`);
  const store = below(prefix.replace(/\/*$/, ''), awsLedger(new S3Client(), bucket));
  return { title: address, store, ledger: new Ledger(store), everyMs: EVERY_MS };
}

/** The same ledger under a prefix of its keys. */
function below(prefix: string, store: LedgerStore): LedgerStore {
  if (prefix === '') return store;
  const at = (key: string) => `${prefix}/${key}`;
  return {
    get: (key) => store.get(at(key)),
    putIfAbsent: (key, body) => store.putIfAbsent(at(key), body),
    put: (key, body) => store.put(at(key), body),
    list: async (below) => (await store.list(at(below))).map((key) => key.slice(prefix.length + 1)),
  };
}

/** A system in an environment, found by the names of its stacks. */
export async function awsPlace(system: string, env: string): Promise<Place> {
  const model = modelOf(system, env);
  const { region } = model;
  const store = awsLedger(new S3Client({ region }), await madeBy(model, 'ledger', 'AWS::S3::Bucket'));
  const ecs = new ECSClient({ region });
  const known = new ServiceDeployments(ecs, physicalName(model), Date.now);
  const config = gateConfigFor(model);
  const canaryWorkers = config.canaryWorkers > 0 ? canaryWorkersName(workersOf(model)[0]!) : undefined;
  const cluster = physicalName(model);
  const deployments = new AwsDeployments(ecs, { cluster, services: config.services, canaryWorkers }, known);
  return {
    ...{
      title: `${system}/${model.env}`,
      env: model.env,
      window: model.pipeline?.window,
      store,
      ledger: new Ledger(store),
      deployments,
      everyMs: EVERY_MS,
    },
    glass: glassOf(model, { store, ecs, known, deployments }),
  };
}

interface Clients {
  readonly store: LedgerStore;
  readonly ecs: ECSClient;
  readonly known: ServiceDeployments;
  readonly deployments: AwsDeployments;
}

function glassOf(model: SystemModel, { store, ecs, known, deployments }: Clients): BreakGlassPorts {
  const names = Object.keys(model.services);
  const workers = workersOf(model);
  const webs = names.filter((name) => !workers.includes(name));
  const families = Object.fromEntries(names.map((name) => [name, stackName(model, name)]));
  const pause = () => delay(LOOK_MS);
  const back = new AwsPutBack({ ecs, known, store, pause, places: { cluster: physicalName(model), families } });
  return {
    ...{ ledger: store, deployments },
    pointer: awsPointer(new SSMClient({ region: model.region }), pointerParameter(model)),
    notices: topicOf(model),
    services: { putBack: (release) => back.putBack(webs, release), restore: () => back.restore(webs) },
    workers: { deploy: async (release) => void (await Promise.all(workers.map((name) => back.roll(name, release)))) },
    sites: { point: async () => undefined },
  };
}

function workersOf({ services }: SystemModel): readonly string[] {
  return Object.values(services).flatMap(({ kind, name }) => (kind === 'worker' ? name : []));
}

function modelOf(system: string, env: string): SystemModel {
  const config = SYSTEMS.find(({ name }) => name === system);
  const known = ENV_NAMES.find((name) => name === env);
  if (!config) throw new Error(`--system: expected ${SYSTEMS.map(({ name }) => name).join(', ')}, got ${system}`);
  if (!known) throw new Error(`--env: expected one of ${ENV_NAMES.join(', ')}, got ${env}`);
  return resolve(config, known);
}

/** The topic of the gate's notices. Whoever is at the keyboard hears when it cannot be reached, and nothing waits for it. */
function topicOf(model: SystemModel): NoticePort {
  return {
    notify: async (subject, text) => {
      try {
        const TopicArn = await madeBy(model, 'gate', 'AWS::SNS::Topic');
        const sns = new SNSClient({ region: model.region });
        await sns.send(
          new PublishCommand({ TopicArn, Subject: `${model.name}/${model.env}: ${subject}`, Message: text }),
        );
      } catch (error) {
        process.stderr.write(`nobody was told: ${(error as Error).message}; tell people yourself\n`);
      }
    },
  };
}

/** Physical id of what a stack made, which is the only one of its type there. */
async function madeBy(model: SystemModel, part: string, type: string): Promise<string> {
  const StackName = stackName(model, part);
  const cloudFormation = new CloudFormationClient({ region: model.region });
  const { StackResourceSummaries = [] } = await cloudFormation
    .send(new ListStackResourcesCommand({ StackName }))
    .catch((error: Error) => explain(error, model));
  const made = StackResourceSummaries.find(({ ResourceType }) => ResourceType === type);
  if (made?.PhysicalResourceId) return made.PhysicalResourceId;
  throw new Error(`${StackName}: expected ${type} in that stack, got none; deploy it first`);
}

/** @throws Error in one line that says what to do */
function explain({ name, message }: Error, { env, account }: SystemModel): never {
  const isUnknown = name === 'CredentialsProviderError';
  throw new Error(
    `--env ${env}: expected access to account ${account}, got "${message}"; ` +
      (isUnknown
        ? 'log in, e.g. with aws sso login, or set AWS_PROFILE'
        : 'log in to that account, and deploy the ledger there first'),
  );
}
