export type Datapoint = 'ok' | 'breaching' | 'missing';
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmSettings {
  /** N: the most recent datapoints that count. */
  readonly evaluationPeriods: number;
  /** M: so many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

/**
 * State of a metric alarm with M of N datapoints.
 *
 * CloudWatch looks at an evaluation range somewhat longer than N. As long as N datapoints exist in it, the last N decide and the
 * treatment of missing data plays no part; otherwise what is missing to N is filled in by that treatment.
 *
 * @param range the evaluation range, oldest first
 * @param before state that `ignore` keeps
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmState(settings: AlarmSettings, range: readonly Datapoint[], before: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = settings;
  const existing = range.filter((datapoint) => datapoint !== 'missing').slice(-evaluationPeriods);
  const missing = evaluationPeriods - existing.length;
  const breaching = count(existing, 'breaching');
  const judged = (more: number): AlarmState => (breaching + more >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (missing === 0 || treatMissingData === 'notBreaching') return judged(0);
  if (treatMissingData === 'breaching') return judged(missing);
  if (count(existing, 'ok') > 0) return judged(0);
  if (treatMissingData === 'ignore') return before;
  return onlyBreaching(range, datapointsToAlarm);
}

/** An alarm fires early if all there is breaches, and the oldest of it is M datapoints old. */
function onlyBreaching(range: readonly Datapoint[], datapointsToAlarm: number): AlarmState {
  const oldest = range.indexOf('breaching');
  if (oldest === -1) return 'INSUFFICIENT_DATA';
  return range.length - oldest >= datapointsToAlarm ? 'ALARM' : 'OK';
}

function count(datapoints: readonly Datapoint[], wanted: Datapoint): number {
  return datapoints.filter((datapoint) => datapoint === wanted).length;
}
