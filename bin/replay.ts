import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { judge } from '../lambda/gate/judge';
import { type Recording, readRecording } from '../lambda/gate/minutes-file';
import { readPlan } from '../lambda/gate/plan-file';
import { replay } from '../lambda/gate/replay';
import type { Plan, Verdict } from '../lib/model/gate-plan';
import { readIfThere, readText, runCommand } from './files';
import { type FinalBake, finalBakeOf } from './replay/final-bake';
import { compare } from './replay/recorded';
import { evidenceTable, finalBakeTable, upToFinal, verdictTable } from './replay/table';

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
  const replayed = { recording, plan, verdicts, finalBake: finalBakeOf(plan, recording.minutes, verdicts.at(-1)!) };
  process.stdout.write(options.json ? asJson(replayed) : asText(replayed, options));
  if (options.plan !== undefined) return;
  checkRecorded(join(dirname(file), 'verdict.json'), verdicts.at(-1)!);
  checkRecorded(join(dirname(file), 'recall.json'), replayed.finalBake?.recall);
}

/** Set the replay beside what the gate recorded, if it did. Another plan may say anything. */
function checkRecorded(verdictFile: string, replayed: Verdict | undefined): void {
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

interface Replayed {
  readonly recording: Recording;
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
  readonly finalBake: FinalBake | undefined;
}

function asJson({ recording: { header, minutes }, verdicts, finalBake }: Replayed): string {
  const told = { ...header, minutes: minutes.length, verdict: verdicts.at(-1), verdicts, finalBake };
  return `${JSON.stringify(told, undefined, 2)}\n`;
}

function asText({ recording, plan, verdicts, finalBake }: Replayed, { explain }: Options): string {
  const { header, minutes } = recording;
  const read = minutes.length === 1 ? '1 minute' : `${minutes.length} minutes`;
  const evidence = [...upToFinal(verdicts).map((verdict) => verdict.evidence), ...(finalBake?.evidence ?? [])];
  return `${[
    `${header.release} against ${header.stable}, from ${header.startedAt}: ${read}`,
    verdictTable(plan, verdicts),
    ...(finalBake ? [finalBakeTable(plan, finalBake)] : []),
    ...(explain ? [evidence.map(evidenceTable).join('\n')] : []),
  ].join('\n\n')}\n`;
}

const program = new Command('replay')
  .description('Judge a recorded release again, minute by minute: same verdict, same evidence as the gate gave.')
  .argument('<minutes.ndjson>', 'recording from the ledger')
  .option('--plan <file>', 'another plan, to see what it would have said (default: plan.json beside the recording)')
  .option('--explain', 'print the evidence of each probe after each minute')
  .option('--json', 'print every verdict as JSON')
  .action((file: string, options: Options) => runCommand(() => run(file, options)));

await program.parseAsync();
