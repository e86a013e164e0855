import { setTimeout as delay } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { AwsPutBack } from '../../delivery/break-glass/aws-put-back';
import type { OrderPorts } from '../../delivery/order/ports';
import { ORDER_VARIABLES, type OrderConfig } from '../../lib/model/order-config';
import { AWS_CLIENT } from '../aws';
import { requireEnv } from '../env';
import { awsLedger } from '../gate/aws-ledger';
import { ServiceDeployments } from '../gate/aws-service-deployments';
import { awsAlarms } from './aws-alarms';
import { chatNotices } from './chat-notices';
import { entrance } from './entrance';
import { answerOrder, type OrderAnswer, type OrderCall } from './order-call';
import { migrationsOf, reportInLedger } from './release-record';

/** Between two looks at a deployment or at the gate's verdict. */
const LOOK_MS = 5_000;

const config = JSON.parse(requireEnv(ORDER_VARIABLES.config)) as OrderConfig;
const { cluster, webs, workers } = config;
const ecs = new ECSClient(AWS_CLIENT);
const ledger = awsLedger(new S3Client(AWS_CLIENT), config.ledger);
const pause = () => delay(LOOK_MS);
const back = new AwsPutBack({
  ...{ ecs, pause, store: ledger, known: new ServiceDeployments(ecs, cluster, Date.now) },
  places: { cluster, families: { ...webs, ...workers } },
});

/** A state machine or CloudFormation does it, and the pipeline waits for that. */
const elsewhere = async () => {
  throw new Error(
    'expected an action of the pipeline to do this, got a call of the order; name only stages that check or record',
  );
};

const ports: OrderPorts = {
  ledger,
  notices: chatNotices(new SNSClient(AWS_CLIENT), requireEnv(ORDER_VARIABLES.noticeTopic)),
  alarms: awsAlarms(new CloudWatchClient(AWS_CLIENT), config.alarms),
  database: {
    migrations: (release) => migrationsOf(ledger, release),
    ...{ backUp: elsewhere, migrate: elsewhere },
  },
  services: {
    // CloudFormation has begun it when this is asked; what is left is to wait for the gate
    ...{ latest: async () => [], begin: async () => undefined },
    putBack: (release) => back.putBackUnderGate(Object.keys(webs), release),
  },
  workers: {
    deploy: async (release) => void (await Promise.all(Object.keys(workers).map((w) => back.roll(w, release)))),
  },
  sites: { point: async () => undefined },
  smoke: entrance(config.domain),
  report: reportInLedger(ledger),
  now: Date.now,
  pause,
};

export function handler(event: OrderCall): Promise<OrderAnswer> {
  return answerOrder(ports, config.window, event);
}
