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
  UserData,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type Accepted, acknowledge } from './acknowledge';

export interface NetworkProps {
  readonly egress: { readonly kind: 'nat-instance' | 'nat-gateway'; readonly count: number };
  /** Where flow logs go. */
  readonly logs: IBucket;
  /** Log every flow, or only those that were refused. */
  readonly logEveryFlow: boolean;
}

const WAY_OUT: Accepted = {
  ids: ['NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW'],
  why: 'The public subnets hold the NAT and nothing else; its way out is what they are for.',
  instead: 'no task, store or balancer is in them, and none has a public address.',
  again: 'when all vendors can be reached by IPv6.',
};
const FORWARDS: Accepted = {
  ids: ['NIST.800.53.R5-EC2RestrictedCommonPorts'],
  why: 'A NAT forwards every port; what may leave is decided where it starts.',
  instead: "only the VPC's own addresses may send to it, and every task's group names its ports.",
  again: 'when the tier has a NAT gateway.',
};
const IS_A_NAT: Accepted = {
  ids: [
    'AwsSolutions-EC28',
    'AwsSolutions-EC29',
    'NIST.800.53.R5-EC2IMDSv2Enabled',
    'NIST.800.53.R5-EC2InstanceNoPublicIp',
    'NIST.800.53.R5-EC2InstancesInVPC',
  ],
  why: 'A NAT instance has a public address and forwards; it keeps nothing, and is replaced instead of protected.',
  instead:
    'it asks for tokens on its metadata (which the check cannot see on an instance), stands in the VPC by its interface, and nobody signs in to it.',
  again: 'when users depend on this environment: then the tier has a NAT gateway.',
};
const ZONES: Accepted = {
  ids: ['CloudFormation-Validate::W3010'],
  why: 'Zones are named, so that a new one moves no subnet.',
  instead: 'the names follow from the region.',
  again: 'when an account lacks one of them.',
};
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
    acknowledge(this.vpc, WAY_OUT, ZONES);
  }

  private letPrivateSubnetsOut(nat: NatInstanceProviderV2): void {
    nat.securityGroup.addIngressRule(Peer.ipv4(CIDR), Port.allTraffic(), 'anything from inside, on its way out');
    acknowledge(nat.securityGroup, FORWARDS);
    for (const { instance } of nat.gatewayInstances) {
      instance.addPropertyOverride('MetadataOptions', { HttpTokens: 'required', HttpEndpoint: 'enabled' });
      instance.blockDeviceMappings = [{ deviceName: '/dev/xvda', ebs: { encrypted: true } }];
      acknowledge(instance, IS_A_NAT);
    }
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
    userData: forwarding(),
  });
}

/** Half a gigabyte of memory is too little to install a package; there is swap before that is tried. */
function forwarding(): UserData {
  const commands = UserData.forLinux();
  commands.addCommands(
    'dd if=/dev/zero of=/swap bs=1M count=512 && chmod 600 /swap && mkswap /swap && swapon /swap',
    "echo '/swap none swap defaults 0 0' >> /etc/fstab",
    ...NatInstanceProviderV2.DEFAULT_USER_DATA_COMMANDS,
  );
  return commands;
}
