import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How often the time of an empty app one environment may take, and how often that of one all of them. */
const MOST = { oneOverEmpty: 2.5, allOverOne: 2 } as const;

/** The app as cdk.json runs it, and its measure. */
const APP = ['bin/run.mjs', 'app'];
const EMPTY_APP = ['bin/bench-synth/empty-app.cjs'];
const LOADED_MODULES = './bin/bench-synth/loaded-modules.cjs';

export interface SynthTimes {
  /** Milliseconds from start to end of the process, in the fastest of all rounds: an app of one empty stack, ... */
  readonly emptyMs: number;
  /** ... one system in one environment, ... */
  readonly oneMs: number;
  /** ... and every system in every environment. */
  readonly allMs: number;
}

export interface SynthRatios {
  readonly oneOverEmpty: number;
  readonly allOverOne: number;
}

/** What is synthesized when it is one, e.g. `{ system: 'coach', env: 'prod' }`. */
export type Chosen = Readonly<Record<string, string>>;

export interface Measuring {
  readonly rounds: number;
  readonly one: Chosen;
  /** Environment variables of the apps. */
  readonly env: NodeJS.ProcessEnv;
  /** Hears of each round as it begins. */
  readonly tell: (round: number) => void;
}

/**
 * Time the app beside an empty one that imports the same modules, in turns, so that a slow spell of the machine slows them all.
 *
 * @throws Error with what it said, if an app fails
 */
export function measureSynth({ rounds, one, env, tell }: Measuring): SynthTimes {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const modules = join(scratch, 'modules.json');
    const synth = (args: readonly string[], chosen: Chosen) => timed(args, { ...env, ...settings(chosen, scratch) });
    synth(['--require', LOADED_MODULES, ...APP, modules], one);
    const times = Array.from({ length: rounds }, (_, i) => {
      tell(i + 1);
      return [synth([...EMPTY_APP, modules], {}), synth(APP, one), synth(APP, {})] as const;
    });
    const [emptyMs, oneMs, allMs] = ([0, 1, 2] as const).map((app) => Math.min(...times.map((round) => round[app])));
    return { emptyMs: emptyMs!, oneMs: oneMs!, allMs: allMs! };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export function ratiosOf({ emptyMs, oneMs, allMs }: SynthTimes): SynthRatios {
  return { oneOverEmpty: oneMs / emptyMs, allOverOne: allMs / oneMs };
}

/** What is wrong with a measurement; nothing if it holds. */
export function slownessOf({ oneOverEmpty, allOverOne }: SynthRatios): readonly string[] {
  const over = (what: string, ratio: number, most: number) =>
    ratio > most ? [`${what}: expected at most ${most} times, got ${ratio.toFixed(2)}`] : [];
  return [
    ...over('one environment over an empty app', oneOverEmpty, MOST.oneOverEmpty),
    ...over('all environments over one', allOverOne, MOST.allOverOne),
  ];
}

/** What the CDK's command line tells an app. */
function settings(chosen: Chosen, scratch: string): NodeJS.ProcessEnv {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  return {
    CDK_OUTDIR: mkdtempSync(join(scratch, 'cdk.out-')),
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...chosen }),
  };
}

/** Milliseconds that a program of Node's takes. */
function timed(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: expected it to synthesize, got:\n${stderr}`);
  return performance.now() - start;
}
