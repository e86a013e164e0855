import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface WatchAlarmProps {
  /** Section of docs/runbook.md that says what to do. */
  readonly section: string;
  /** What is wrong, in a sentence without a full stop. */
  readonly says: string;
  readonly metric: IMetric;
  readonly above: number;
  /** Periods of the metric that must all breach. @default 3 */
  readonly periods?: number;
  /** Whether silence is an alarm too. @default - silence is no trouble */
  readonly silenceBreaches?: boolean;
  /** Whether it is below, not above, the limit that matters. */
  readonly below?: boolean;
}

/** Raises alarms under one prefix and tells one topic; each says where to read on. */
export class Alarms {
  readonly all: Alarm[] = [];

  constructor(
    private readonly scope: Construct,
    private readonly prefix: string,
    private readonly tell: ITopic,
  ) {}

  add(id: string, props: WatchAlarmProps): void {
    const { section, says, metric, above, periods = 3, silenceBreaches, below } = props;
    const alarm = new Alarm(this.scope, id, {
      ...{
        alarmName: `${this.prefix}-${id}`,
        alarmDescription: `${says}. Runbook: ${section}`,
        metric,
        threshold: above,
      },
      comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      ...{ evaluationPeriods: periods, datapointsToAlarm: periods },
      treatMissingData: silenceBreaches ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.tell));
    alarm.addOkAction(new SnsAction(this.tell));
    this.all.push(alarm);
  }
}

export const MINUTE = Duration.minutes(1);
export const FIVE_MINUTES = Duration.minutes(5);
