import { Bucket } from './aws-bucket';
import { PaperEcs } from './aws-ecs';
import type { AwsAnswer, AwsCall } from './aws-endpoint';

/** All that the gate asks of an AWS account, behind one endpoint: what it keeps is read back, what it does has its effect. */
export class PaperAccount {
  readonly ecs = new PaperEcs();
  readonly bucket = new Bucket();
  /** Sums by metric and dimension values, then by minute in seconds since the epoch. */
  readonly metrics = new Map<string, Map<number, number>>();
  readonly notices: string[] = [];
  parameter = 'none';
  schedule: Record<string, unknown> = {
    ...{ Name: 'prober', State: 'DISABLED', ScheduleExpression: 'rate(1 minute)' },
    ...{ FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: 'arn:prober', RoleArn: 'arn:role' } },
  };
  /** What the prober answers to a smoke test. */
  smoke: object = {};

  answer = (call: AwsCall): AwsAnswer => {
    if (call.operation) return this.json(call);
    if (call.path.startsWith('/ledger')) return this.bucket.answer(call);
    if (call.path.includes('/functions/')) return { body: this.smoke };
    if (call.path.startsWith('/schedules/')) return this.clock(call);
    this.notices.push(new URLSearchParams(call.body).get('Subject') ?? '');
    return { body: '<PublishResponse><PublishResult/></PublishResponse>' };
  };

  private json(call: AwsCall): AwsAnswer {
    const input = JSON.parse(call.body);
    switch (call.operation) {
      case 'GetParameter':
        return { body: { Parameter: { Value: this.parameter } } };
      case 'PutParameter':
        this.parameter = input.Value;
        return { body: {} };
      case 'PutMetricData':
        for (const datum of input.MetricData) this.add(datum);
        return { body: {} };
      case 'GetMetricData':
        return { body: { MetricDataResults: input.MetricDataQueries.map((query: Query) => this.read(query)) } };
      default:
        return this.ecs.answer(call);
    }
  }

  private clock({ method, body }: AwsCall): AwsAnswer {
    if (method === 'PUT') this.schedule = { ...this.schedule, ...JSON.parse(body) };
    return { body: this.schedule };
  }

  private add({ MetricName, Dimensions, Value, Timestamp }: Datum): void {
    const name = nameOf({ MetricName, Dimensions });
    const sums = this.metrics.get(name) ?? new Map<number, number>();
    sums.set(Timestamp, (sums.get(Timestamp) ?? 0) + Value);
    this.metrics.set(name, sums);
  }

  private read({ Id, MetricStat: { Metric } }: Query): object {
    const sums = [...(this.metrics.get(nameOf(Metric)) ?? [])];
    return { Id, StatusCode: 'Complete', Timestamps: sums.map(([at]) => at), Values: sums.map(([, sum]) => sum) };
  }
}

interface Metric {
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Value: string }[];
}

interface Datum extends Metric {
  readonly Value: number;
  readonly Timestamp: number;
}

interface Query {
  readonly Id: string;
  readonly MetricStat: { readonly Metric: Metric };
}

function nameOf({ MetricName, Dimensions = [] }: Metric): string {
  return [MetricName, ...Dimensions.map(({ Value }) => Value)].join(' ');
}
