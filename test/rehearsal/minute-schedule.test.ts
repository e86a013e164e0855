import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { MinuteSchedule } from '../../rehearsal/minute-schedule';

let called: number[];
let schedule: MinuteSchedule;

beforeEach(() => {
  jest.useFakeTimers({ now: 10_300 });
  called = [];
  schedule = new MinuteSchedule(1_000, (minuteStart) => called.push(minuteStart));
  schedule.start();
});

afterEach(() => {
  schedule.stop();
  jest.useRealTimers();
});

test('calls at the start of every minute, and not before', () => {
  jest.advanceTimersByTime(699);
  expect(called).toEqual([]);
  jest.advanceTimersByTime(2_001);
  expect(called).toEqual([11_000, 12_000, 13_000]);
});

test('a timer that comes early does not call for its minute twice', () => {
  jest.setSystemTime(10_299);
  jest.advanceTimersByTime(2_700);
  expect(called).toEqual([11_000, 12_000]);
});

test('minutes that went by while the machine slept are left out', () => {
  jest.setSystemTime(20_300);
  jest.advanceTimersByTime(1_700);
  expect(called).toEqual([11_000, 22_000]);
});

test('nothing is called after the stop', () => {
  schedule.stop();
  jest.advanceTimersByTime(5_000);
  expect(called).toEqual([]);
});
