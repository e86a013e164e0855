import { Command } from 'commander';
import { type CostFlags, costCommand } from './cost/command';

const program = new Command('cost')
  .description('What the stacks of an environment cost a month, by the price list of their region.')
  .requiredOption('--system <name>', 'the system, e.g. coach')
  .requiredOption('--env <name>', 'dev, staging or prod')
  .option('--against <env>', 'show what differs from another environment')
  .option('--json', 'print every line as JSON')
  .action((flags: CostFlags) => {
    process.stdout.write(costCommand(flags));
  });

program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
