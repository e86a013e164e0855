import type { Minute, ProbeMinute } from '../../lib/model/gate-plan';
import type { Problem } from '../../lib/model/problem';
import { addCountProblems } from './minutes';

/** A week. A later minute is a mistake, and the gap before it would take long to fill. */
const LAST_MINUTE = 7 * 24 * 60;

/** Most of a line that an error shows, in characters. */
export const SHOWN = 60;

const COPY = 'copy the recording from the ledger again';

/** Collects the minutes of a recording line by line, and what is wrong with them. */
export class MinuteReader {
  readonly minutes: Minute[] = [];
  readonly problems: Problem[] = [];
  /** The line that told of each minute, and where it stood. */
  private readonly told = new Map<number, { readonly line: string; readonly number: number }>();
  /** The header is line 1. */
  private number = 1;

  /** @param ended whether an end of line follows; where none does, the file may have been cut off */
  read(line: string, ended: boolean): void {
    this.number += 1;
    const minute = parse(line);
    const problems = minute === undefined ? [unreadable(line, ended)] : shapeProblems(minute);
    if (problems.length > 0) this.refuse(problems);
    else this.place(minute as Minute, line);
  }

  /** Add a minute after the ones before it, unless it only repeats one. */
  private place(minute: Minute, line: string): void {
    const before = this.told.get(minute.minute);
    const last = this.minutes.length;
    if (before?.line === line) return;
    if (before) this.refuse([conflicting(minute, before.number)]);
    else if (minute.minute <= last) this.refuse([outOfOrder(minute, last)]);
    else this.append(minute, line);
  }

  private append(minute: Minute, line: string): void {
    this.told.set(minute.minute, { line, number: this.number });
    while (this.minutes.length < minute.minute - 1) this.minutes.push({ minute: this.minutes.length + 1, probes: {} });
    this.minutes.push(minute);
  }

  private refuse(problems: readonly Problem[]): void {
    for (const problem of problems) this.problems.push({ ...problem, at: `line ${this.number}${problem.at}` });
  }
}

function unreadable(line: string, ended: boolean): Problem {
  const expected = ended ? 'a minute as one line of JSON' : 'a whole line; the file is cut off in the middle of it';
  return { at: '', got: line.slice(0, SHOWN), expected, fix: COPY };
}

function conflicting({ minute }: Minute, number: number): Problem {
  const expected = `each minute once; line ${number} says otherwise of it`;
  return { at: ': minute', got: minute, expected, fix: 'find out which of them is true' };
}

function outOfOrder({ minute }: Minute, last: number): Problem {
  const expected = `a minute after ${last}, which stands before it`;
  return { at: ': minute', got: minute, expected, fix: 'put the lines in order' };
}

function shapeProblems(minute: unknown): readonly Problem[] {
  if (!isObject(minute) || !isObject(minute.probes)) {
    return [{ at: '', got: minute, expected: '{"minute":…,"probes":{…}}', fix: COPY }];
  }
  const counts = Object.entries(minute.probes).flatMap(([id, probe]) => countProblems(`: probes.${id}`, probe));
  if (isMinuteNumber(minute.minute)) return counts;
  return [
    { at: ': minute', got: minute.minute, expected: `a whole number from 1 to ${LAST_MINUTE}`, fix: COPY },
    ...counts,
  ];
}

function countProblems(at: string, counts: unknown): readonly Problem[] {
  if (!isObject(counts) || !isObject(counts.canary) || !isObject(counts.stable)) {
    return [{ at, got: counts, expected: '{"canary":{…},"stable":{…},"misrouted":…}', fix: COPY }];
  }
  const problems: Problem[] = [];
  addCountProblems(problems, at, counts as unknown as ProbeMinute);
  return problems;
}

function isMinuteNumber(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LAST_MINUTE;
}

/** The value of a line of JSON; undefined if it is none. */
export function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
