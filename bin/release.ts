import { Command } from 'commander';
import { runCommand } from './files';
import { fetchAssembly } from './release/assembly';
import {
  type Flags,
  sayBreakGlass,
  sayFreeze,
  sayOrder,
  showHistory,
  showPlan,
  showStatus,
  writeReport,
} from './release/commands';
import { type NotesFlags, writeNotes } from './release/notes';

const program = new Command('release').description(
  'See and steer releases. Without --ledger and --env it speaks of the newest rehearsal.',
);

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--ledger <place>', 'a folder, or s3://bucket/prefix')
    .option('--system <name>', 'system in AWS', 'coach')
    .option('--env <name>', 'its environment in AWS')
    .option('--json', 'print JSON');
}

/** Commands that change something are somebody's, for a reason. */
function word(name: string, description: string): Command {
  return command(name, description)
    .requiredOption('--reason <text>', 'for the record')
    .option('--by <name>', 'who says so (default: whoever is logged in)');
}

function order(name: 'hold' | 'resume' | 'abort' | 'override', description: string): void {
  word(name, description)
    .option('--release <id>', 'refuse if another one is under way')
    .action((flags: Flags) => runCommand(() => sayOrder(flags, name)));
}

command('status', 'how things stand: what serves, what is under way, and what the judge says of it')
  .option('--release <id>', 'another release than the one under way')
  .option('--watch', 'look again and again until it has ended')
  .action((flags: Flags) => runCommand(() => showStatus(flags)));

command('plan', 'the stages of a release: which are behind it, and what stands in the way of the next')
  .argument('[release]', 'the one under way, or whichever comes next')
  .action((release: string | undefined, flags: Flags) => runCommand(() => showPlan(flags, release)));

command('history', 'every release, the newest first').action((flags: Flags) => runCommand(() => showHistory(flags)));

command('report', 'write the page that tells a release')
  .argument('<release>', 'its id')
  .option('--output <file>', 'where to (default: <release>.html)')
  .action((release: string, flags: Flags) => runCommand(() => writeReport(flags, release)));

command(
  'notes',
  'write what a release brings: commits, images, schema, vulnerabilities, verdict; and keep it in the ledger',
)
  .argument('<release>', 'its id')
  .option('--repository <folder>', 'where the commits are', '.')
  .option('--no-commits', 'leave them out, e.g. of a rehearsal')
  .option('--sbom <service=file...>', 'CycloneDX bill of materials of an image')
  .option('--scan <service=file...>', 'what grype found in an image')
  .option('--dry-run', 'keep nothing')
  .action((release: string, flags: NotesFlags) => runCommand(() => writeNotes(flags, release)));

command(
  'assembly',
  'fetch the templates that a release was deployed from, to deploy its configuration again without a build',
)
  .argument('<release>', 'its id')
  .option('--output <folder>', 'where to (default: <release>-assembly)')
  .action((release: string, flags: Flags) => runCommand(() => fetchAssembly(flags, release)));

word('freeze', 'let no release start').action((flags: Flags) => runCommand(() => sayFreeze(flags, true)));
word('unfreeze', 'let releases start again').action((flags: Flags) => runCommand(() => sayFreeze(flags, false)));
order('hold', 'keep a release at its share until somebody says resume; a harmful one still goes back');
order('resume', 'end a hold');
order('abort', 'roll a release back now, also in its final bake');
order('override', 'promote a release now, whatever the judge says');
word('break-glass', 'put everything on a release that ran before: at once, without a canary')
  .requiredOption('--to <release>', 'where to')
  .action((flags: Flags) => runCommand(() => sayBreakGlass(flags)));

await program.parseAsync();
