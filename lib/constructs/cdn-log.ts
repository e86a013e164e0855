import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface CdnLogProps {
  readonly name: string;
  readonly distributionArn: string;
  readonly bucketArn: string;
}

/** Who asked the CDN for what, as files in the log bucket. */
export class CdnLog extends Construct {
  constructor(scope: Construct, id: string, { name, distributionArn, bucketArn }: CdnLogProps) {
    super(scope, id);
    const source = new CfnDeliverySource(this, 'Source', {
      ...{ name: `${name}-cdn`, logType: 'ACCESS_LOGS', resourceArn: distributionArn },
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      ...{ name: `${name}-cdn`, destinationResourceArn: bucketArn, outputFormat: 'json' },
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      ...{ deliverySourceName: source.name, deliveryDestinationArn: destination.attrArn },
      s3SuffixPath: 'cdn/{yyyy}/{MM}/{dd}',
    });
    delivery.addResourceDependency(source);
  }
}
