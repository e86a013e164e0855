import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { breakGlass } from '../../delivery/break-glass/break-glass';
import { historyOf } from '../../delivery/people/history';
import { freeze, order } from '../../delivery/people/orders';
import { outlookOn } from '../../delivery/people/outlook';
import { standingOf } from '../../delivery/people/standing';
import { renderReport } from '../../lambda/report/render-report';
import { storyFrom } from '../../lambda/report/story';
import type { Order } from '../../lib/model/release';
import { checkWritable } from '../files';
import { type Place, placeOf } from './place';
import { frozenText, historyText, outlookText, standingText } from './words';

export interface Flags {
  readonly ledger?: string;
  readonly system: string;
  readonly env?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly release?: string;
  readonly to?: string;
  readonly watch?: boolean;
  readonly output?: string;
}

/** Looks on, until the release under way has ended. */
export async function showStatus(flags: Flags): Promise<void> {
  const place = await placeOf(flags);
  for (;;) {
    const standing = await standingOf(place, flags.release);
    if (flags.watch && process.stdout.isTTY) process.stdout.write('\x1b[H\x1b[2J');
    say(flags, standing, standingText(place.title, standing));
    if (!flags.watch || standing.live === undefined) return;
    await delay(place.everyMs);
  }
}

export async function showPlan(flags: Flags, release: string | undefined): Promise<void> {
  const place = await placeOf(flags);
  const at = { window: place.window, now: Date.now() };
  const outlook = await outlookOn(place, release ?? (await place.ledger.live()), at);
  say(flags, outlook, outlookText(outlook));
}

export async function showHistory(flags: Flags): Promise<void> {
  const { ledger, store } = await placeOf(flags);
  const history = await historyOf(ledger, store);
  say(flags, history, historyText(history));
}

export async function sayFreeze(flags: Flags, frozen: boolean): Promise<void> {
  const { ledger, title } = await placeOf(flags);
  const said = await freeze(ledger, frozen, wordOf(flags));
  say(flags, said, `${title}: ${frozen ? frozenText(said) : `no longer frozen, by ${said.by}: ${said.reason}`}\n`);
}

/** What the gate will make of an order, at the end of the minute at the latest. */
const CONSEQUENCES: Readonly<Record<Order['kind'], string>> = {
  hold: 'it keeps its share; a harmful release is rolled back all the same',
  resume: 'the judge decides again',
  abort: 'the gate rolls it back within a minute',
  override: 'the gate promotes it within a minute',
};

export async function sayOrder(flags: Flags, kind: Order['kind']): Promise<void> {
  const { ledger } = await placeOf(flags);
  const ordered = await order(ledger, kind, { ...wordOf(flags), release: flags.release });
  const { release, before } = ordered;
  const earlier = before.map((one) => `before it: ${one.kind} by ${one.by} at ${one.at}: ${one.reason}\n`).join('');
  const { by, reason } = ordered.order;
  say(flags, ordered, `${release}: ${kind} by ${by}: ${reason}; ${CONSEQUENCES[kind]}\n${earlier}`);
}

export async function sayBreakGlass(flags: Flags): Promise<void> {
  const place = await placeOf(flags);
  if (!place.glass)
    throw new Error(
      `break-glass: expected a place where services run, got ${place.title}, where only the ledger is; name --env, or a rehearsal that runs`,
    );
  const glass = await breakGlass(place.glass, { to: flags.to!, ...wordOf(flags) });
  say(flags, glass, `${place.title}: every service is back on ${glass.to}, by ${glass.by}: ${glass.reason}\n`);
}

export async function writeReport(flags: Flags, release: string): Promise<void> {
  const place = await placeOf(flags);
  const page = await pageOf(place, release, flags);
  const file = flags.output ?? `${release}.html`;
  checkWritable('--output', flags.output);
  writeFileSync(file, page);
  say(flags, { release, file }, `${file}\n`);
}

/** The page the gate kept, or as much as the ledger tells by now. */
async function pageOf({ store, ledger, env }: Place, release: string, { system }: Flags): Promise<string> {
  if ((await ledger.opened(release)) === undefined && (await ledger.release(release)) === undefined)
    throw new Error(`report: expected a release in the ledger, got ${release}; see history`);
  const kept = await store.get(`releases/${release}/report.html`);
  if (kept !== undefined) return kept;
  const minuteMs = 60_000;
  return renderReport(await storyFrom(ledger, release, { system, env: env ?? 'rehearsal', front: 'edge', minuteMs }));
}

/** @throws Error in one line if the reason says nothing */
function wordOf({ by, reason }: Flags) {
  if (!reason?.trim()) throw new Error('--reason: expected why, got nothing; it is kept for those who read the record');
  return { by: by ?? userInfo().username, reason, at: new Date().toISOString() };
}

function say({ json, watch }: Flags, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, undefined, watch ? 0 : 2)}\n` : text);
}
