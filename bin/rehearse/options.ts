import { join } from 'node:path';
import { ConfigError, type Problem } from '../../lib/model/problem';
import { REHEARSED_ENVS, type RehearsedEnv } from '../../rehearsal/cluster-plan';
import type { Fault } from '../../rehearsal/faults/fault';
import { FAULTS } from '../../rehearsal/faults/faults';

/** What commander makes of the command line. */
export interface RehearseFlags {
  readonly list?: boolean;
  readonly fault?: readonly string[];
  readonly all?: boolean;
  readonly aa?: string;
  readonly env: string;
  readonly minute: string;
  readonly seed: string;
  readonly port?: string;
  readonly output?: string;
  readonly json?: string;
  readonly keep?: boolean;
}

export interface RehearseOptions {
  readonly faults: readonly Fault[];
  readonly env: RehearsedEnv;
  readonly minuteMs: number;
  readonly seed: number;
  /** 0 for a free one. */
  readonly port: number;
  readonly output: string;
  readonly json?: string;
  readonly keep: boolean;
  /** Whether this is the same release over and over, for the rate of false rollbacks. */
  readonly aa: boolean;
}

const DEFAULT_FAULTS = ['good', 'slow-login'];
/** Shorter minutes leave no time for an answer within its bound; a minute of AWS is the longest there is. */
const MINUTE_SECONDS = { least: 1, most: 60 } as const;

/** @throws ConfigError with everything that is wrong with the command line */
export function readOptions(flags: RehearseFlags): RehearseOptions {
  const problems: Problem[] = [];
  const numbers = {
    minute: number(problems, { at: '--minute', given: flags.minute, ...MINUTE_SECONDS }),
    seed: number(problems, { at: '--seed', given: flags.seed, least: 0, most: 2 ** 31, whole: true }),
    port: number(problems, {
      at: '--port',
      given: flags.port ?? '0',
      least: flags.port ? 1 : 0,
      most: 65_535,
      whole: true,
    }),
    aa: number(problems, { at: '--aa', given: flags.aa ?? '1', least: 1, most: 10_000, whole: true }),
  };
  const env = REHEARSED_ENVS.find((known) => known === flags.env);
  if (!env)
    problems.push({ at: '--env', got: flags.env, expected: `one of ${REHEARSED_ENVS.join(', ')}`, fix: 'see --help' });
  const faults = chosen(flags, numbers.aa, problems);
  if (problems.length > 0) throw new ConfigError('rehearse', problems);
  return {
    ...{ faults, env: env!, seed: numbers.seed, port: numbers.port, json: flags.json },
    minuteMs: Math.round(numbers.minute * 1_000),
    output: flags.output ?? join('rehearsals', new Date().toISOString().replace(/[:.]/g, '-')),
    keep: flags.keep ?? false,
    aa: flags.aa !== undefined,
  };
}

function chosen({ fault, all, aa }: RehearseFlags, times: number, problems: Problem[]): readonly Fault[] {
  const ways = [fault && '--fault', all && '--all', aa !== undefined && '--aa'].filter(Boolean);
  if (ways.length > 1) {
    problems.push({ at: ways.join(', '), got: ways.length, expected: 'one of them', fix: 'leave the others out' });
  }
  if (all) return FAULTS;
  if (aa !== undefined) return Array.from({ length: times }, () => named('good', problems)!);
  return (fault ?? DEFAULT_FAULTS).flatMap((name) => named(name, problems) ?? []);
}

function named(name: string, problems: Problem[]): Fault | undefined {
  const fault = FAULTS.find((known) => known.name === name);
  if (!fault) {
    const expected = `one of ${FAULTS.map((known) => known.name).join(', ')}`;
    problems.push({ at: '--fault', got: name, expected, fix: 'see --list' });
  }
  return fault;
}

interface Numeric {
  readonly at: string;
  readonly given: string;
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

function number(problems: Problem[], { at, given, least, most, whole }: Numeric): number {
  const value = Number(given);
  const fits = given.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value));
  if (fits) return value;
  const expected = `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`;
  problems.push({ at, got: given, expected, fix: 'see --help' });
  return least;
}
