import { Stack, type StackProps } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { Gate } from '../constructs/gate';
import { Notices } from '../constructs/notices';
import { Prober } from '../constructs/prober';
import { abortAlarm, evidenceAlarm } from '../constructs/release-alarms';
import { retention } from '../constructs/retention';
import { gateConfigFor, type ProberConfig } from '../model/gate-config';
import { entranceUrl, innerServices, testUrl } from '../model/listeners';
import { canaryWorkersName, globalName, metricNamespace, physicalName, pointerParameter } from '../model/names';
import { PROBER } from '../model/reach';
import type { SystemModel } from '../model/system';
import type { DataStack } from './data-stack';
import type { KeysStack } from './keys-stack';
import type { LedgerStack } from './ledger-stack';
import type { NetworkStack } from './network-stack';

export interface GateStackProps extends StackProps {
  readonly model: SystemModel;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
  readonly ledger: LedgerStack;
  readonly data: DataStack;
}

/** Who is canary, who measures it, who decides. Where there is no canary, the pointer alone, which every service reads. */
export class GateStack extends Stack {
  readonly notices: Topic;
  readonly pointer: StringParameter;
  readonly gate?: Gate;
  /** Names of the alarms that stand in every service's deployment. */
  readonly alarmNames: readonly string[];
  private readonly key: IKey;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GateStackProps,
  ) {
    super(scope, id, props);
    this.addStackDependency(props.ledger); // by name, which CloudFormation cannot see
    const { model, keys } = props;
    this.key = Key.fromKeyArn(this, 'Key', keys.key.keyArn);
    this.notices = new Notices(this, 'Notices', { key: this.key, addresses: model.notify }).topic;
    this.pointer = new StringParameter(this, 'Pointer', {
      ...{ parameterName: pointerParameter(model), stringValue: 'none' },
      description: 'Who is canary; the gate writes it',
    });
    const isCanary = model.rollout.kind === 'canary';
    this.gate = isCanary ? this.defineGate() : undefined;
    if (this.gate) this.defineProber(this.gate);
    this.alarmNames = isCanary ? this.defineAlarms() : [];
  }

  private defineGate(): Gate {
    const { model } = this.props;
    const worker = Object.values(model.services).find(({ kind }) => kind === 'worker');
    return new Gate(this, 'Gate', {
      config: gateConfigFor(model),
      ...{ functionName: physicalName(model, 'gate'), metricNamespace: metricNamespace(model), key: this.key },
      ...{ ledger: globalName(model, 'ledger'), pointer: this.pointer, notices: this.notices },
      clusterName: physicalName(model),
      canaryWorkers: worker && canaryWorkersName(worker.name),
      prober: { functionName: physicalName(model, PROBER), schedule: physicalName(model, PROBER) },
      logDays: retention(model.tier.logDays),
    });
  }

  private defineProber({ handler }: Gate): void {
    const { model, network, data } = this.props;
    new Prober(this, 'Prober', {
      config: proberConfigFor(model),
      ...{ functionName: physicalName(model, PROBER), schedule: physicalName(model, PROBER), gate: handler },
      ...{ vpc: network.network.vpc, group: network.reach.of(this, PROBER), key: this.key },
      ...{ account: data.probeAccount.secret, metricNamespace: metricNamespace(model) },
      logDays: retention(model.tier.logDays),
    });
  }

  private defineAlarms(): readonly string[] {
    const { model } = this.props;
    const namespace = metricNamespace(model);
    const names = ['release-abort', 'rollback-evidence'].map((name) => physicalName(model, name));
    const tell = this.notices;
    abortAlarm(this, { namespace, tell, name: names[0]! });
    evidenceAlarm(this, { namespace, tell, name: names[1]! });
    return names;
  }
}

function proberConfigFor(model: SystemModel): ProberConfig {
  const { name, env, probes, front } = model;
  const inner = innerServices(model).map((service) => [service.name, entranceUrl(model, service.name)]);
  return {
    ...{ system: name, env, minuteMs: 60_000, probes },
    ...{ productionUrl: entranceUrl(model, front), testUrl: testUrl(model), innerUrls: Object.fromEntries(inner) },
  };
}
