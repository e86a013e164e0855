import { percent } from '../../lib/model/evidence/in-words';
import type { ArmName, Minute, Plan, ProbeSpec, Verdict } from '../../lib/model/gate-plan';
import { evidenceBar } from './bars';
import { ink, type Line, padded } from './ink';
import type { ViewState } from './view-state';

const ID = 9;
const COUNTS = 18;
/** From here on a line has room for both arms, and from there on for a bar beside them. */
const BOTH_ARMS_FROM = 64;
const WIDEST_BAR = 24;

interface Totals {
  readonly n: number;
  readonly breaches: number;
}

/** Each probe on both arms, and how near it is to letting the release pass. Nothing before the first minute has closed. */
export function probeLines({ plan, minutes, verdict }: ViewState, columns: number): readonly Line[] {
  if (!plan || !verdict) return [];
  const both = columns >= BOTH_ARMS_FROM;
  return [
    header(both),
    ...plan.probes.map((probe): Line => {
      const arm = (name: ArmName) => ink(padded(counted(totals(minutes, probe.id, name)), COUNTS), name);
      const arms = both ? [arm('canary'), arm('stable')] : [arm('canary')];
      return [
        ink(padded(probe.id, ID)),
        ...arms,
        ...proof({ plan, verdict, probe }, columns - ID - COUNTS * arms.length),
      ];
    }),
    [],
  ];
}

function header(both: boolean): Line {
  const stable = both ? padded('stable', COUNTS) : '';
  return [ink(`${padded('', ID)}${padded('canary', COUNTS)}${stable}proof`, 'dim')];
}

/** `12/340  3.5 %`. */
function counted({ n, breaches }: Totals): string {
  const count = padded(`${breaches}/${n}`, 9);
  return n === 0 ? '–' : `${count}${percent(breaches / n)}`;
}

/** How far a rate probe's certificate is, the weaker of the two; whether an exact one is content. */
function proof({ plan, verdict, probe }: { plan: Plan; verdict: Verdict; probe: ProbeSpec }, room: number): Line {
  const shown = verdict.evidence.probes[probe.id]!;
  const style = shown.certified ? 'good' : 'open';
  if (shown.kind === 'exact') return [ink(shown.certified ? 'same' : 'differs', shown.certified ? 'good' : 'bad')];
  const ln = Math.min(shown.certWhole, shown.certTail);
  return evidenceBar(Math.min(WIDEST_BAR, Math.max(4, room)), { ln, lnLimit: -Math.log(plan.beta) }, style);
}

function totals(minutes: readonly Minute[], id: string, arm: ArmName): Totals {
  let [n, breaches] = [0, 0];
  for (const { probes } of minutes) {
    n += probes[id]?.[arm].n ?? 0;
    breaches += probes[id]?.[arm].breaches ?? 0;
  }
  return { n, breaches };
}
