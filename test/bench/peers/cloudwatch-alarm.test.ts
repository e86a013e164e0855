import { describe, expect, test } from '@jest/globals';
import {
  type AlarmSettings,
  type AlarmState,
  alarmState,
  type Datapoint,
} from '../../../bench/gate/peers/cloudwatch-alarm';

const POINTS: Readonly<Record<string, Datapoint>> = { '0': 'ok', X: 'breaching', '-': 'missing' };
const range = (drawn: string) => drawn.split(' ').map((point) => POINTS[point]!);

const TREATMENTS: readonly AlarmSettings['treatMissingData'][] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** The table's "retain current state": whatever the state was. */
const RETAIN = undefined;

type Row = readonly [drawn: string, ...states: readonly (AlarmState | typeof RETAIN)[]];

function expectRow(settings: Omit<AlarmSettings, 'treatMissingData'>, [drawn, ...states]: Row): void {
  for (const [i, treatMissingData] of TREATMENTS.entries()) {
    for (const before of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const)
      expect(alarmState({ ...settings, treatMissingData }, range(drawn), before)).toBe(states[i] ?? before);
  }
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, "How alarm state is evaluated when data
// is missing": an evaluation range of five, the most recent datapoint on the right.
describe('the state of an alarm, as the documentation tabulates it', () => {
  test.each<Row>([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', RETAIN, 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', RETAIN, 'ALARM', 'OK'],
  ])('3 of 3 over %s', (...row) => {
    expectRow({ evaluationPeriods: 3, datapointsToAlarm: 3 }, row);
  });

  test.each<Row>([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', RETAIN, 'ALARM', 'OK'],
  ])('2 of 3 over %s', (...row) => {
    expectRow({ evaluationPeriods: 3, datapointsToAlarm: 2 }, row);
  });
});

describe('3 of 5, as the benchmark sets it up', () => {
  const state = (drawn: string) =>
    alarmState({ evaluationPeriods: 5, datapointsToAlarm: 3, treatMissingData: 'notBreaching' }, range(drawn), 'OK');

  test('fires at the third breach of the last five, wherever they lie', () => {
    expect(state('X 0 X 0 X')).toBe('ALARM');
    expect(state('0 X X 0 0')).toBe('OK');
  });

  test('fires before five datapoints exist, as what is missing does not breach', () => {
    expect(state('X X X')).toBe('ALARM');
    expect(state('X X')).toBe('OK');
  });
});
