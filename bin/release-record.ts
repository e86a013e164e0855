import { Command } from 'commander';
import { resolve } from '../lib/model/resolve';
import { SYSTEMS } from '../systems';
import { readText, runCommand } from './files';
import { writeBuilt } from './release-record/built';
import { fixturesOf } from './release-record/fixtures';
import { baseIn } from './release-record/provenance';
import { writeRecord } from './release-record/record';

const program = new Command('release-record').description('What a build writes down about a release.');

program
  .command('fixtures')
  .description('print the fixtures that a release promises its answers to, by probe, for expected.mjs of its image')
  .requiredOption('--system <name>', 'the system')
  .action(({ system }: { system: string }) => runCommand(async () => print(fixtures(system))));

program
  .command('write')
  .description('write release.json, migrations.json and provenance.json')
  .requiredOption('--release <id>', 'what the release is called')
  .requiredOption('--commit <sha>', 'what it was built from')
  .requiredOption('--build <id>', 'which run built it')
  .requiredOption('--work <folder>', 'holds <image>.ref, expected.json, before, base')
  .requiredOption('--record <folder>', 'where to write')
  .option('--migrations <folder>', 'the migrations it ships', 'reference/migrations')
  .action((options) => runCommand(async () => writeRecord(options)));

program
  .command('built')
  .description('write built.json: commits, what the images are made of, and what was found in them')
  .requiredOption('--commit <sha>', 'what it was built from')
  .option('--since <tag>', 'of the release before (default: every commit is new)')
  .requiredOption('--record <folder>', 'holds sbom/ and scans/, and where to write')
  .option('--repository <folder>', 'where the commits are', '.')
  .action((options) => runCommand(() => writeBuilt(options)));

program
  .command('base')
  .description('print the base that an image was built on, as its attestation says')
  .requiredOption('--attested <file>', 'what cosign verify-attestation printed')
  .action(({ attested }: { attested: string }) =>
    runCommand(() => void process.stdout.write(`${baseIn(readText(attested, 'name what cosign printed'))}\n`)),
  );

function fixtures(name: string): object {
  const system = SYSTEMS.find((known) => known.name === name);
  const names = SYSTEMS.map((known) => known.name).join(', ');
  if (!system) throw new Error(`--system: expected one of ${names}, got ${name}; name one of them`);
  return fixturesOf(resolve(system, 'prod').probes);
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

await program.parseAsync();
