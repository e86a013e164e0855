import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { SYSTEMS } from '../systems';
import { checkWritable, oneOrMore, runCommand, wholeNumber } from './files';
import { costOfRelease } from './plan/cost';
import { planPage } from './plan/page';
import { simulateAll } from './plan/simulation';
import { type Subject, subjectOf } from './plan/subject';
import { planText, simulationText } from './plan/table';

interface Options {
  readonly system: string;
  readonly env: string;
  readonly traffic: string;
  readonly simulate?: boolean;
  readonly runs: string;
  readonly seed: string;
  readonly html?: string;
  readonly json?: boolean;
}

function run(options: Options): void {
  const subject = subjectOf(SYSTEMS, options.system, options.env, wholeNumber('--traffic', options.traffic));
  const simulation = { runs: oneOrMore('--runs', options.runs), seed: wholeNumber('--seed', options.seed) };
  checkWritable('--html', options.html);
  const simulated = options.simulate ? simulateAll(subject, simulation) : undefined;
  const text = [planText(subject), ...(simulated ? [simulationText(simulated)] : [])].join('\n\n');
  process.stdout.write(options.json ? `${asJson(subject, simulated)}\n` : `${text}\n`);
  if (options.html === undefined) return;
  writeFileSync(options.html, planPage(subject, simulated));
  process.stderr.write(`${options.html}\n`);
}

/** A minute that never comes is null. */
function asJson({ name, plan, power, users, traffic }: Subject, simulated: unknown): string {
  return JSON.stringify({ name, users, plan, power, traffic, costUsd: costOfRelease(plan), simulated }, undefined, 2);
}

const program = new Command('plan')
  .description('Say before a release what it must show, and what the gate would find.')
  .requiredOption('--system <name>', 'a system of systems/')
  .requiredOption('--env <name>', 'dev, staging or prod')
  .option('--traffic <requests>', 'requests of all users in a minute', '600')
  .option('--simulate', 'also simulate releases and set the result beside what is expected')
  .option('--runs <releases>', 'simulated releases at each rate', '1000')
  .option('--seed <number>', 'seed of the simulation', '1')
  .option('--html <file>', 'also write a page with the power curve of each probe')
  .option('--json', 'print everything as JSON')
  .action((options: Options) => runCommand(() => run(options)));

await program.parseAsync();
