import { isObject, parse } from '../../lambda/gate/minute-reader';
import type { Verdict } from '../../lib/model/gate-plan';

/** A replayed verdict beside the one the ledger has. */
export interface Comparison {
  readonly agrees: boolean;
  readonly words: string;
}

/**
 * Compare a replayed verdict with the ledger's `verdict.json` or `recall.json`.
 *
 * Only what the judge decided can be replayed: a person's order, or a part that failed by itself, left no trace in the minutes.
 *
 * @param replayed undefined if the minutes take no promotion back
 */
export function compare(recordedText: string, replayed: Verdict | undefined): Comparison {
  const recorded = parse(recordedText);
  if (!isObject(recorded))
    return { agrees: false, words: 'expected a verdict as one object of JSON; copy it from the ledger again' };
  const { judged, by } = recorded;
  if (judged === undefined)
    return { agrees: true, words: `not the judge's but ${by === 'order' ? "a person's" : 'of a part that failed'}` };
  if (tells(asJson(replayed), judged)) return { agrees: true, words: 'the same verdict, to the last bit' };
  return {
    agrees: false,
    words:
      `expected what was recorded, ${summary(judged)}; got ${summary(replayed)}; ` +
      'the recording, the plan or the verdict was changed since',
  };
}

/** Whether a verdict has every value of another; an older version recorded fewer of them. */
function tells(replayed: unknown, recorded: unknown): boolean {
  if (!isObject(recorded)) return JSON.stringify(replayed) === JSON.stringify(recorded);
  return isObject(replayed) && Object.entries(recorded).every(([key, value]) => tells(replayed[key], value));
}

/** As a file has it: a number beyond all numbers is null. */
function asJson(verdict: Verdict | undefined): unknown {
  return verdict && JSON.parse(JSON.stringify(verdict));
}

function summary(verdict: unknown): string {
  if (!isObject(verdict)) return 'nothing';
  const lnE = isObject(verdict.evidence) ? verdict.evidence.lnE : undefined;
  return `${[verdict.verdict, verdict.because, verdict.probe].filter(Boolean).join(' ')} in minute ${verdict.minute} with ln E = ${lnE}`;
}
