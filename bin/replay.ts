import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { judge } from '../lambda/gate/judge';
import { type Recording, readRecording } from '../lambda/gate/minutes-file';
import { readPlan } from '../lambda/gate/plan-file';
import { replay } from '../lambda/gate/replay';
import type { Plan, Verdict } from '../lib/model/gate-plan';
import { readIfThere, readText, runCommand } from './files';
import { compare } from './replay/recorded';
import { evidenceTable, upToFinal, verdictTable } from './replay/table';

interface Options {
  readonly plan?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

function run(file: string, options: Options): void {
  const recording = readRecording(file, readText(file, 'give the minutes.ndjson of a release'));
  const planFile = options.plan ?? join(dirname(file), 'plan.json');
  const plan = readPlan(planFile, readText(planFile, 'give the plan with --plan'));
  checkBelongsTogether(recording, plan, planFile);
  const verdicts = recording.minutes.length > 0 ? replay(plan, recording.minutes) : [judge(plan, [])];
  process.stdout.write(options.json ? asJson(recording, verdicts) : asText(recording, plan, verdicts, options));
  if (options.plan === undefined) checkRecorded(join(dirname(file), 'verdict.json'), verdicts.at(-1)!);
}

/** Set the replay beside what the gate recorded, if it did. Another plan may say anything. */
function checkRecorded(verdictFile: string, replayed: Verdict): void {
  const recorded = readIfThere(verdictFile);
  if (recorded === undefined) return;
  const { agrees, words } = compare(recorded, replayed);
  if (!agrees) throw new Error(`${verdictFile}: ${words}`);
  process.stderr.write(`${verdictFile}: ${words}\n`);
}

/** A recording is judged by a plan for the same release; a plan to try out is a changed copy of its own. */
function checkBelongsTogether({ header }: Recording, { release, stable }: Plan, planFile: string): void {
  if (release === header.release && stable === header.stable) return;
  throw new Error(
    `${planFile}: expected a plan for ${header.release} against ${header.stable}, got one for ${release} against ${stable}; ` +
      'give the plan.json from the same folder of the ledger, or a changed copy of it',
  );
}

function asJson({ header, minutes }: Recording, verdicts: readonly Verdict[]): string {
  return `${JSON.stringify({ ...header, minutes: minutes.length, verdict: verdicts.at(-1), verdicts }, undefined, 2)}\n`;
}

function asText(
  { header, minutes }: Recording,
  plan: Plan,
  verdicts: readonly Verdict[],
  { explain }: Options,
): string {
  const read = minutes.length === 1 ? '1 minute' : `${minutes.length} minutes`;
  const explained = explain ? `\n\n${upToFinal(verdicts).map(evidenceTable).join('\n')}` : '';
  return `${header.release} against ${header.stable}, from ${header.startedAt}: ${read}\n\n${verdictTable(plan, verdicts)}${explained}\n`;
}

const program = new Command('replay')
  .description('Judge a recorded release again, minute by minute: same verdict, same evidence as the gate gave.')
  .argument('<minutes.ndjson>', 'recording from the ledger')
  .option('--plan <file>', 'another plan, to see what it would have said (default: plan.json beside the recording)')
  .option('--explain', 'print the evidence of each probe after each minute')
  .option('--json', 'print every verdict as JSON')
  .action((file: string, options: Options) => runCommand(() => run(file, options)));

await program.parseAsync();
