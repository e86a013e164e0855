import { Command } from 'commander';
import { measureSpeed, slowness } from '../bench/judge-speed';

function run(): void {
  const speed = measureSpeed();
  process.stdout.write(
    [
      `judge, 45 minutes of 6 probes: ${speed.ms.toFixed(2)} ms (first ${speed.firstMs.toFixed(1)} ms), ${speed.ratio.toFixed(1)} times its logarithms`,
      `a trial's state: ${speed.stateAfterHour} characters after an hour, ${speed.stateAfterDay} after a day of ten million samples a minute`,
      '',
    ].join('\n'),
  );
  const problems = slowness(speed);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

await new Command('bench:judge')
  .description('Measure how long a verdict takes and whether its state grows; fails above its bars.')
  .action(run)
  .parseAsync();
