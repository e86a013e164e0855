import {
  AmazonLinuxCpuType,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InstanceClass,
  InstanceSize,
  InstanceType,
  IpAddresses,
  MachineImage,
  NatInstanceProviderV2,
  NatProvider,
  NatTrafficDirection,
  Peer,
  Port,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface NetworkProps {
  readonly egress: { readonly kind: 'nat-instance' | 'nat-gateway'; readonly count: number };
  /** Where flow logs go. */
  readonly logs: IBucket;
  /** Log every flow, or only those that were refused. */
  readonly logEveryFlow: boolean;
}

const CIDR = '10.0.0.0/16';

/** Two zones of public (NAT alone), private (tasks, balancer) and isolated (stores) subnets. */
export class Network extends Construct {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, { egress, logs, logEveryFlow }: NetworkProps) {
    super(scope, id);
    const nat = egress.kind === 'nat-instance' ? natInstance() : NatProvider.gateway();
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      maxAzs: 2,
      natGatewayProvider: nat,
      natGateways: egress.count,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    this.vpc.addFlowLog('Flows', {
      destination: FlowLogDestination.toS3(logs, 'flows'),
      trafficType: logEveryFlow ? FlowLogTrafficType.ALL : FlowLogTrafficType.REJECT,
    });
    if (nat instanceof NatInstanceProviderV2) this.letPrivateSubnetsOut(nat);
  }

  private letPrivateSubnetsOut(nat: NatInstanceProviderV2): void {
    nat.securityGroup.addIngressRule(Peer.ipv4(CIDR), Port.allTraffic(), 'anything from inside, on its way out');
  }
}

/**
 * A plain Amazon Linux that forwards: its image is named by a public parameter and resolved when it is deployed.
 *
 * The better known fck-nat image can only be found by asking AWS at synth.
 */
function natInstance(): NatInstanceProviderV2 {
  return NatProvider.instanceV2({
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
    machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
    defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
    associatePublicIpAddress: true,
  });
}
