import { Command } from 'commander';
import { listFaults } from './rehearse/list';
import { type RehearseFlags, readOptions } from './rehearse/options';
import { rehearse } from './rehearse/rehearse';

const WRONG_USE = 2;

const program = new Command('rehearse')
  .description('Send releases of coach along the whole release path on this machine, faults included.')
  .option('--list', 'show the faults, each with the verdict it must give')
  .option('--fault <name...>', 'rehearse these (default: good, then slow-login)')
  .option('--all', 'rehearse every fault, one after the other')
  .option('--aa <times>', 'rehearse the stable release as its own canary so many times')
  .option('--env <name>', 'environment whose rollout is rehearsed: prod, or staging with its shorter bake', 'prod')
  .option('--minute <seconds>', 'how long one minute of a release takes', '1.4')
  .option('--seed <number>', 'of everything that is left to chance', '1')
  .option('--port <number>', "the users' entrance (default: a free one)")
  .option('--output <folder>', 'where the ledger and the reports are kept (default: rehearsals/<time>)')
  .option('--json <file>', 'write what became of each release as JSON; - for standard output')
  .option('--keep', 'leave everything running after the last release, and print where')
  // 1 is a verdict that was not the expected one; a wrong command line is 2, as for our own complaints.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USE))
  .action(async (flags: RehearseFlags) => {
    if (flags.list) process.stdout.write(listFaults(flags.json !== undefined));
    else process.exit(await rehearse(readOptions(flags)));
  });

await program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = WRONG_USE;
});
