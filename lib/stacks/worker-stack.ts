import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WorkerService } from '../constructs/worker-service';
import { canaryWorkersName } from '../model/names';
import type { Service } from '../model/system';
import { capacityOf, type Ground, serviceTask } from './services';

export interface WorkerStackProps extends StackProps, Ground {
  readonly service: Service;
  /** Whether these are the few that a release starts with. */
  readonly canary: boolean;
}

/** Workers of one kind, or the small service that takes the canary's share of their jobs. */
export class WorkerStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkerStackProps) {
    super(scope, id, props);
    const { service, canary, network, model, gate } = props;
    new WorkerService(this, 'Service', {
      name: canary ? canaryWorkersName(service.name) : service.name,
      ...{ cluster: network.cluster, group: network.reach.of(this, service.name) },
      definition: serviceTask(this, service, props),
      capacity: capacityOf(service, model.tier),
      ...{ alarms: gate.alarmNames, desiredCount: canary ? 0 : undefined },
    });
  }
}
