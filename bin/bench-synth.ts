import { Command } from 'commander';
import { measureSynth, ratiosOf, type SynthRatios, type SynthTimes, slownessOf } from '../bench/synth-speed';
import { SYSTEMS } from '../systems';
import { runCommand, wholeNumber } from './files';

interface Options {
  readonly rounds: string;
  readonly env: string;
  readonly json?: boolean;
}

function run({ rounds, env, json }: Options): void {
  const count = Math.max(1, wholeNumber('--rounds', rounds));
  const one = { system: SYSTEMS[0]!.name, env };
  const tell = (round: number) => process.stderr.write(`round ${round} of ${count}\n`);
  const times = measureSynth({ rounds: count, one, env: process.env, tell });
  const ratios = ratiosOf(times);
  const problems = slownessOf(ratios);
  process.stdout.write(
    json ? `${JSON.stringify({ rounds: count, one, ...times, ...ratios, problems })}\n` : asText(one, times, ratios),
  );
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function asText({ system, env }: { system: string; env: string }, times: SynthTimes, ratios: SynthRatios): string {
  const line = (what: string, ms: number, ratio = '') => `${what.padEnd(22)}${(ms / 1000).toFixed(2)} s${ratio}\n`;
  return [
    line('an empty app', times.emptyMs),
    line(`${system} in ${env}`, times.oneMs, `, ${ratios.oneOverEmpty.toFixed(2)} times an empty app`),
    line('every environment', times.allMs, `, ${ratios.allOverOne.toFixed(2)} times one`),
  ].join('');
}

new Command('bench:synth')
  .description(
    'How long synthesis takes beside an empty CDK app that imports the same modules. Ends with 1 if it is over its bars.',
  )
  .option('--rounds <n>', 'how often each is timed; the fastest counts', '3')
  .option('--env <name>', 'the environment that stands for one', 'prod')
  .option('--json', 'print the figures as JSON')
  .action((options: Options) => runCommand(() => run(options)))
  .parseAsync();
