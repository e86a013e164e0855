import type { Minute } from '../../lib/model/gate-plan';
import { ConfigError, type Problem } from '../../lib/model/problem';
import { isObject, MinuteReader, parse, SHOWN } from './minute-reader';

/** First line of a recording. */
export interface RecordingHeader {
  readonly format: 'minutes';
  readonly version: 1;
  readonly release: string;
  readonly stable: string;
  /** ISO 8601: when the canary took its first share. */
  readonly startedAt: string;
}

/** A release's minutes, as the ledger keeps them in `minutes.ndjson`. @see docs/formats.md */
export interface Recording {
  readonly header: RecordingHeader;
  /** From minute 1 on, without a gap. */
  readonly minutes: readonly Minute[];
}

export function writeRecording({ header, minutes }: Recording): string {
  return [header, ...minutes].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * Read a recording: fill a gap with empty minutes, drop a line that repeats another.
 *
 * @param name what an error calls the file
 * @throws ConfigError naming every line that cannot be read
 */
export function readRecording(name: string, text: string): Recording {
  const [first = '', ...rest] = linesOf(text);
  const header = parse(first);
  const foreign = headerProblems(header, first);
  if (foreign.length > 0) throw new ConfigError(name, foreign);
  const reader = new MinuteReader();
  const ended = text.endsWith('\n');
  for (const [i, line] of rest.entries()) reader.read(line, ended || i < rest.length - 1);
  if (reader.problems.length > 0) throw new ConfigError(name, reader.problems);
  return { header: header as RecordingHeader, minutes: reader.minutes };
}

/** Lines without their ends; the empty rest after the last one is none. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function headerProblems(header: unknown, line: string): readonly Problem[] {
  if (!isObject(header) || header.format !== 'minutes') {
    const expected = 'the header of a recording, {"format":"minutes","version":1,…}';
    return [{ at: 'line 1', got: line.slice(0, SHOWN), expected, fix: 'give a minutes.ndjson from the ledger' }];
  }
  if (header.version !== 1) {
    const fix = 'replay it with the version of this app that recorded it, or a later one';
    return [{ at: 'line 1: version', got: header.version, expected: '1', fix }];
  }
  return ['release', 'stable', 'startedAt']
    .filter((key) => typeof header[key] !== 'string' || (key === 'startedAt' && Number.isNaN(Date.parse(header[key]))))
    .map((key) => ({
      at: `line 1: ${key}`,
      got: header[key],
      expected: key === 'startedAt' ? 'a time in ISO 8601' : 'the id of a release',
      fix: 'copy the recording from the ledger again',
    }));
}
