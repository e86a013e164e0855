import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { CdnLog } from '../constructs/cdn-log';
import { FrontDoor } from '../constructs/front-door';
import { retention } from '../constructs/retention';
import { WebFirewall } from '../constructs/web-firewall';
import { physicalName } from '../model/names';
import type { SystemModel } from '../model/system';
import type { NetworkStack } from './network-stack';

export interface FrontDoorStackProps extends StackProps {
  readonly model: SystemModel;
  readonly network: NetworkStack;
}

/** What CloudFront wants in us-east-1, and CloudFront itself. */
export class FrontDoorStack extends Stack {
  constructor(scope: Construct, id: string, { model, network, ...props }: FrontDoorStackProps) {
    super(scope, id, { ...props, terminationProtection: model.tier.retain });
    // what lies in another region can only be read when it is deployed
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    const { domain, tier, allowedAddresses } = model;
    const name = physicalName(model);
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      ...{ hostedZoneId: model.hostedZone.id, zoneName: model.hostedZone.name },
    });
    const firewall = tier.firewall
      ? new WebFirewall(this, 'Firewall', { name, logDays: retention(tier.logDays) })
      : undefined;
    const { distribution } = new FrontDoor(this, 'FrontDoor', {
      ...{ name, domain, allowedAddresses, firewallArn: firewall?.arn, balancer: network.balancer.balancer },
      certificate: new Certificate(this, 'Certificate', {
        ...{ domainName: domain, validation: CertificateValidation.fromDns(zone) },
      }),
    });
    const { distributionArn } = distribution;
    new CdnLog(this, 'Log', { name, distributionArn, bucketArn: network.logs.bucket.bucketArn });
    const record = {
      zone,
      recordName: `${domain}.`,
      target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
    };
    new ARecord(this, 'Ipv4', record);
    if (firewall) new AaaaRecord(this, 'Ipv6', record); // without one the CDN speaks IPv4 alone
  }
}
