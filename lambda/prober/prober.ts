import { setTimeout as delay } from 'node:timers/promises';
import type { ProberConfig } from '../../lib/model/gate-config';
import { RELEASE_HEADER } from '../../lib/model/release';
import type { ProbeConfig } from '../../lib/model/system';
import type { Brief, TickResult } from '../gate/tick';
import { writeLog } from '../log';
import type { Entrance } from '../probes/entrance';
import { type ActiveProbe, isActive, takeSample } from '../probes/probe';
import type { Arms, Sample } from '../probes/sample';
import { type Account, signIn } from '../probes/session';
import type { Visit } from '../probes/visit';
import { inTimeOf } from './bounds';
import { type CountedMinute, countMinutes, type Finished } from './counting';

/** Everything the prober asks of the outside world besides the system it measures. */
export interface ProberPorts {
  brief(): Promise<Brief>;
  /** Keep the counts of one wall-clock minute. */
  publish(release: string, minute: CountedMinute): Promise<void>;
  /** The end of the minute: let the gate judge. */
  tick(): Promise<TickResult>;
  account(): Promise<Account>;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface ProbedMinute {
  readonly release: string | undefined;
  readonly samples: number;
  readonly tick: TickResult;
}

/** Share of a minute over which samples are spread; the rest is for their answers to come back. */
const SPREAD = 0.8;
/** What is sent to the production entrance may be so many times what is wanted: a share of it lands on the canary. */
const MOST_OVERSENT = 2;

/**
 * Measure both arms for one minute, keep what was counted, and let the gate judge.
 *
 * @returns after the last sample's outcome, or at once if no release is under way
 */
export async function probeMinute(config: ProberConfig, ports: ProberPorts): Promise<ProbedMinute> {
  const brief = await ports.brief();
  if (!brief.live) return { release: undefined, samples: 0, tick: await ports.tick() };
  const finished = await measure(config, ports, brief);
  const arms = { canary: brief.release, stable: brief.stable };
  for (const minute of countMinutes(finished, { arms, probes: config.probes, minuteMs: config.minuteMs }))
    await ports.publish(brief.release, minute);
  const tick = await ports.tick();
  writeLog('probed', {
    release: brief.release,
    samples: finished.length,
    verdict: tick.verdict,
    because: tick.because,
  });
  return { release: brief.release, samples: finished.length, tick };
}

type Live = Extract<Brief, { live: true }>;

async function measure(config: ProberConfig, ports: ProberPorts, brief: Live): Promise<readonly Finished[]> {
  const account = await ports.account();
  const arms = { canary: brief.release, stable: brief.stable };
  const probes = config.probes.filter(isActive).map((probe) => inTimeOf(probe, config.minuteMs));
  const rounds = entrances(config).map(async (entrance) => {
    const { session, attempts } = await signIn(entrance, account);
    const visit: Visit = { entrance, session, expected: brief.expected };
    const round: Round = { visit, arms, minuteMs: config.minuteMs, now: ports.now };
    const runs = probes.map((probe) => runProbe(probe, rateOf(probe, brief), round));
    return [
      ...signInSample(config.probes, entrance, { attempts, at: ports.now() }),
      ...(await Promise.all(runs)).flat(),
    ];
  });
  return (await Promise.all(rounds)).flat();
}

function entrances({ productionUrl, testUrl }: ProberConfig): readonly Entrance[] {
  const origin = new URL(productionUrl).origin;
  return [
    { name: 'production', baseUrl: productionUrl, headers: { origin } },
    { name: 'test', baseUrl: testUrl, headers: { origin, [RELEASE_HEADER]: 'canary' } },
  ];
}

function rateOf({ id }: ActiveProbe, { rates }: Live): number {
  return rates[id] ?? 0;
}

/** Signing in is a request like the others, but no probe's sample: only the probe of all requests counts it. */
function signInSample(
  probes: readonly ProbeConfig[],
  entrance: Entrance,
  { attempts, at }: { attempts: Sample['attempts']; at: number },
): readonly Finished[] {
  if (!probes.some(({ kind }) => kind === 'success')) return [];
  const nothing = { probe: SIGN_IN, release: undefined, answered: true, latencyMs: 0, breach: false, hard: false };
  return [{ at, sample: { ...nothing, entrance: entrance.name, attempts } }];
}

export const SIGN_IN = 'sign-in';

interface Round {
  readonly visit: Visit;
  readonly arms: Arms;
  readonly minuteMs: number;
  readonly now: () => number;
}

/**
 * Take `rate` samples spread over the minute.
 *
 * The production entrance gives some of its samples to the canary, where they count; each is sent again for the stable arm, up to
 * twice the rate. Whether to send again depends on who answered and never on how, so the arms' sizes say nothing of outcomes.
 */
async function runProbe(probe: ActiveProbe, rate: number, round: Round): Promise<readonly Finished[]> {
  const { visit, arms, minuteMs, now } = round;
  let spare = visit.entrance.name === 'production' ? Math.ceil(rate * (MOST_OVERSENT - 1)) : 0;
  const slotMs = (minuteMs * SPREAD) / Math.max(1, rate);
  const slots = Array.from({ length: rate }, async (_, i) => {
    await delay(i * slotMs);
    const finished: Finished[] = [];
    do {
      const sample = await takeSample(probe, visit);
      finished.push({ sample, at: now() });
    } while (landedOn(arms.canary, finished) && spare-- > 0);
    return finished;
  });
  return (await Promise.all(slots)).flat();
}

function landedOn(release: string, finished: readonly Finished[]): boolean {
  const last = finished.at(-1)?.sample;
  return last?.entrance === 'production' && last.release === release;
}
