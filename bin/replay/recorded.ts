import { isObject, parse } from '../../lambda/gate/minute-reader';
import type { Verdict } from '../../lib/model/gate-plan';

/** A replayed verdict beside the one the ledger has. */
export interface Comparison {
  readonly agrees: boolean;
  readonly words: string;
}

/**
 * Compare a replayed verdict with the ledger's `verdict.json`.
 *
 * Only what the judge decided can be replayed: a person's order, or a part that failed by itself, left no trace in the minutes.
 */
export function compare(recordedText: string, replayed: Verdict): Comparison {
  const recorded = parse(recordedText);
  if (!isObject(recorded))
    return { agrees: false, words: 'expected a verdict as one object of JSON; copy it from the ledger again' };
  const { judged, by } = recorded;
  if (judged === undefined)
    return { agrees: true, words: `not the judge's but ${by === 'order' ? "a person's" : 'of a part that failed'}` };
  if (text(judged) === text(replayed)) return { agrees: true, words: 'the same verdict, to the last bit' };
  return { agrees: false, words: `expected what was recorded, ${summary(judged)}; got ${summary(replayed)}` };
}

/** As JSON has it, where a number beyond all numbers is null, and the order of fields does not matter. */
function text(verdict: unknown): string {
  const fieldsInOrder = (_: string, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  return JSON.stringify(verdict, fieldsInOrder);
}

function summary(verdict: unknown): string {
  if (!isObject(verdict)) return 'nothing';
  const lnE = isObject(verdict.evidence) ? verdict.evidence.lnE : undefined;
  return `${[verdict.verdict, verdict.because, verdict.probe].filter(Boolean).join(' ')} in minute ${verdict.minute} with ln E = ${lnE}`;
}
