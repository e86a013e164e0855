import type { Freeze, Ledger } from '../../lambda/gate/ledger';
import type { Order } from '../../lib/model/release';

/** Who says something, and why. */
export interface Word {
  readonly by: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Let no release start, or let them again.
 *
 * @throws Error in one line if that is how it is already; of two people at once one is first, and the other is told who
 */
export function freeze(ledger: Ledger, frozen: boolean, word: Word): Promise<Freeze> {
  return ledger.freezeUnless((standing) => {
    const last = standing.at(-1);
    if ((last?.frozen ?? false) === frozen) throw new Error(frozen ? alreadyFrozen(last!) : notFrozen(last));
    return { frozen, ...word };
  });
}

function alreadyFrozen({ by, reason, at }: Freeze): string {
  return `freeze: expected a system that is not frozen, got one frozen by ${by} at ${at}: ${reason}; nothing is left to do`;
}

function notFrozen(last: Freeze | undefined): string {
  const since = last ? `, since ${last.by} ended it at ${last.at}: ${last.reason}` : '';
  return `unfreeze: expected a frozen system, got one that is not${since}; nothing is left to do`;
}

export interface Ordered {
  readonly release: string;
  readonly order: Order;
  /** What was ordered before, oldest first. */
  readonly before: readonly Order[];
}

/**
 * Order something about a release.
 *
 * @param release the one under way, where none is given
 * @throws Error in one line if there is no such release under way, or what was said before leaves no room for it
 */
export async function order(
  ledger: Ledger,
  kind: Order['kind'],
  { release, ...word }: Word & { readonly release?: string },
): Promise<Ordered> {
  const id = await underWay(ledger, kind, release);
  const verdict = (await ledger.verdict(id))?.verdict;
  let before: readonly Order[] = [];
  const written = await ledger.orderUnless(id, (standing) => {
    before = standing;
    const problem = PROBLEMS[kind]({ standing, verdict });
    if (problem !== undefined) throw new Error(`${kind}: ${id}: ${problem}`);
    return { kind, ...word };
  });
  return { release: id, order: written, before };
}

async function underWay(ledger: Ledger, kind: string, asked: string | undefined): Promise<string> {
  const live = await ledger.live();
  if (live !== undefined && (asked === undefined || asked === live)) return live;
  const got = live === undefined ? 'none' : live;
  throw new Error(`${kind}: expected ${asked ?? 'a release'} under way, got ${got}; see what is with status`);
}

interface Standing {
  readonly standing: readonly Order[];
  readonly verdict: 'promote' | 'rollback' | undefined;
}

type Problem = (standing: Standing) => string | undefined;

const settled: Problem = ({ verdict }) =>
  verdict && `expected a release without a verdict, got one to ${verdict}; it is past that`;

/** Whoever decided first is right; but going back is always heard, as it is the safe way. */
const PROBLEMS: Readonly<Record<Order['kind'], Problem>> = {
  hold: (facts) => settled(facts) ?? decided(facts) ?? (isHeld(facts) ? standsAlready(facts, 'hold') : undefined),
  resume: (facts) =>
    settled(facts) ??
    (isHeld(facts) ? undefined : 'expected a release on hold, got one that is not; nothing is left to do'),
  abort: (facts) => {
    if (facts.verdict === 'rollback') return settled(facts);
    return facts.standing.some(({ kind }) => kind === 'abort') ? standsAlready(facts, 'abort') : undefined;
  },
  override: (facts) => settled(facts) ?? decided(facts),
};

function decided(facts: Standing): string | undefined {
  const kind = facts.standing.findLast((order) => order.kind === 'abort' || order.kind === 'override')?.kind;
  return kind && standsAlready(facts, kind);
}

function isHeld({ standing }: Standing): boolean {
  return standing.findLast(({ kind }) => kind === 'hold' || kind === 'resume')?.kind === 'hold';
}

function standsAlready({ standing }: Standing, kind: Order['kind']): string {
  const { by, reason, at } = standing.findLast((order) => order.kind === kind)!;
  return `expected no ${kind} before, got one by ${by} at ${at}: ${reason}; ${by} was first`;
}
