import { describe, expect, test } from '@jest/globals';
import { type Recording, readRecording, writeRecording } from '../../../lambda/gate/minutes-file';
import { cleanBut, minutesOf, pair, times } from '../../support/minutes';

const HEADER: Recording['header'] = {
  format: 'minutes',
  version: 1,
  release: 'v1.4.0',
  stable: 'v1.3.2',
  startedAt: '2026-03-01T10:00:05.000Z',
};

const RECORDING: Recording = { header: HEADER, minutes: cleanBut(4, (minute) => ({ login: pair(minute, 0) })) };
const TEXT = writeRecording(RECORDING);
const [FIRST, ...REST] = TEXT.trimEnd().split('\n') as [string, ...string[]];

const textOf = (...lines: readonly string[]) => `${lines.join('\n')}\n`;

function refusal(text: string): string {
  try {
    readRecording('minutes.ndjson', text);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the file was accepted');
}

describe('a recording', () => {
  test('is read as it was written', () => {
    expect(readRecording('minutes.ndjson', TEXT)).toEqual(RECORDING);
  });

  test('is a header and one minute on each line, so that it grows by appending', () => {
    const shorter = writeRecording({ header: HEADER, minutes: RECORDING.minutes.slice(0, 3) });
    expect(TEXT.startsWith(shorter)).toBe(true);
    expect(FIRST).toBe(
      '{"format":"minutes","version":1,"release":"v1.4.0","stable":"v1.3.2","startedAt":"2026-03-01T10:00:05.000Z"}',
    );
  });

  test('may have just begun', () => {
    expect(readRecording('minutes.ndjson', textOf(FIRST)).minutes).toEqual([]);
  });

  test('may have gone through an editor of another system', () => {
    expect(readRecording('minutes.ndjson', TEXT.replaceAll('\n', '\r\n'))).toEqual(RECORDING);
    expect(readRecording('minutes.ndjson', TEXT.trimEnd())).toEqual(RECORDING);
  });

  test('with a gap is read with empty minutes in it', () => {
    const { minutes } = readRecording('minutes.ndjson', textOf(FIRST, REST[0]!, REST[3]!));
    expect(minutes).toEqual([
      RECORDING.minutes[0],
      { minute: 2, probes: {} },
      { minute: 3, probes: {} },
      RECORDING.minutes[3],
    ]);
  });

  test('in which a line was written twice is read once', () => {
    const doubled = textOf(FIRST, REST[0]!, REST[0]!, REST[1]!, REST[2]!, REST[0]!, REST[3]!);
    expect(readRecording('minutes.ndjson', doubled)).toEqual(RECORDING);
  });
});

describe('a file is refused', () => {
  const told = (line: string) => `minutes.ndjson: ${line}`;
  const copy = 'copy the recording from the ledger again';

  test.each<[string, string, string]>([
    [
      'if it is empty',
      '',
      'line 1: expected the header of a recording, {"format":"minutes","version":1,…}, got ""; give a minutes.ndjson from the ledger',
    ],
    [
      'if it is something else',
      'minute,canary,stable\n1,20,20\n',
      'line 1: expected the header of a recording, {"format":"minutes","version":1,…}, got "minute,canary,stable"; give a minutes.ndjson from the ledger',
    ],
    [
      'if it begins without its header',
      textOf(...REST),
      `line 1: expected the header of a recording, {"format":"minutes","version":1,…}, got ${JSON.stringify(REST[0]!.slice(0, 60))}; give a minutes.ndjson from the ledger`,
    ],
    [
      'if a later version wrote it',
      textOf(FIRST.replace('"version":1', '"version":2'), ...REST),
      'line 1: version: expected 1, got 2; replay it with the version of this app that recorded it, or a later one',
    ],
    [
      'if its header lacks the time',
      textOf(FIRST.replace('2026-03-01T10:00:05.000Z', 'yesterday'), ...REST),
      `line 1: startedAt: expected a time in ISO 8601, got "yesterday"; ${copy}`,
    ],
    [
      'if it is cut off in the middle of a line',
      TEXT.slice(0, -30),
      `line 5: expected a whole line; the file is cut off in the middle of it, got ${JSON.stringify(REST[3]!.slice(0, 60))}; ${copy}`,
    ],
    [
      'if a line in the middle is damaged',
      textOf(FIRST, REST[0]!, '{"minute":2,', REST[2]!),
      `line 3: expected a minute as one line of JSON, got "{\\"minute\\":2,"; ${copy}`,
    ],
    [
      'if its lines are out of order',
      textOf(FIRST, REST[0]!, REST[2]!, REST[1]!, REST[3]!),
      'line 4: minute: expected a minute after 3, which stands before it, got 2; put the lines in order',
    ],
    [
      'if two lines tell of a minute differently',
      textOf(FIRST, REST[0]!, REST[1]!, REST[1]!.replace('"breaches":2', '"breaches":3'), REST[2]!),
      'line 4: minute: expected each minute once; line 3 says otherwise of it, got 2; find out which of them is true',
    ],
    [
      'if a minute has no number',
      textOf(FIRST, '{"minute":"1","probes":{}}'),
      `line 2: minute: expected a whole number from 1 to 10080, got "1"; ${copy}`,
    ],
    [
      'if a minute is so late that its gap would not end',
      textOf(FIRST, '{"minute":10081,"probes":{}}'),
      `line 2: minute: expected a whole number from 1 to 10080, got 10081; ${copy}`,
    ],
    [
      'if a line is no minute at all',
      textOf(FIRST, '[1,2]'),
      `line 2: expected {"minute":…,"probes":{…}}, got [1,2]; ${copy}`,
    ],
    [
      'if a probe lacks an arm',
      textOf(FIRST, '{"minute":1,"probes":{"login":{"canary":{"n":1,"breaches":0,"hard":0}}}}'),
      `line 2: probes.login: expected {"canary":{…},"stable":{…},"misrouted":…}, got {"canary":{"n":1,"breaches":0,"hard":0}}; ${copy}`,
    ],
    [
      'if a count is none',
      textOf(
        FIRST,
        '{"minute":1,"probes":{"login":{"canary":{"n":1,"breaches":2,"hard":0},"stable":{"n":1,"breaches":0},"misrouted":0}}}',
      ),
      [
        'line 2: probes.login.canary.breaches: expected at most n = 1, got 2; count each sample once',
        told(
          'line 2: probes.login.stable.hard: expected a whole number, 0 or more, got nothing; count each sample once',
        ),
      ].join('\n'),
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(told(message));
  });

  test('with all of its lines that cannot be read', () => {
    const lines = refusal(textOf(FIRST, 'x', REST[1]!, 'y', REST[0]!)).split('\n');
    expect(lines.map((line) => line.split(': expected')[0])).toEqual([
      'minutes.ndjson: line 2',
      'minutes.ndjson: line 4',
      'minutes.ndjson: line 5: minute',
    ]);
  });
});

test('a week of minutes is read', () => {
  const minutes = minutesOf(...times(7 * 24 * 60, { login: pair(0, 0) }));
  expect(readRecording('minutes.ndjson', writeRecording({ header: HEADER, minutes })).minutes).toHaveLength(10080);
});
