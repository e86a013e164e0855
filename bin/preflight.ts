import {
  type Change,
  CloudFormationClient,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { Command } from 'commander';
import { type ChangeSet, describeRefusal, type Refusal, type Template } from '../delivery/preflight/change-set';
import { preflight } from '../delivery/preflight/preflight';
import { readText, runCommand } from './files';

interface Options {
  readonly stack?: string;
  readonly changeSet?: string;
  readonly region?: string;
  readonly template?: string;
  readonly json?: boolean;
}

// Which Node is best is for those who install one; an answer is one line for each refusal.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const REFUSED = 1;

async function run(files: readonly string[], options: Options): Promise<void> {
  const sets = options.stack === undefined ? files.map((file) => read<ChangeSet>(file)) : [await described(options)];
  if (sets.length === 0) throw new Error('preflight: expected files or --stack and --change-set, got none; see --help');
  const template = options.template === undefined ? undefined : read<Template>(options.template);
  const refusals = sets.flatMap((set) => preflight(set, { template }));
  process.stdout.write(options.json ? `${JSON.stringify(refusals, undefined, 2)}\n` : asText(sets, refusals));
  if (refusals.length > 0) process.exitCode = REFUSED;
}

function asText(sets: readonly ChangeSet[], refusals: readonly Refusal[]): string {
  const changes = sets.reduce((sum, { Changes = [] }) => sum + Changes.length, 0);
  const sum = `${changes === 1 ? '1 change' : `${changes} changes`} in ${sets.map(({ StackName }) => StackName).join(', ')}`;
  const verdict = refusals.length === 0 ? 'nothing against them' : `${refusals.length} against them`;
  return [...refusals.map(describeRefusal), `${sum}: ${verdict}`, ''].join('\n');
}

/** @throws Error in one line if it is no JSON */
function read<T>(file: string): T {
  const text = readText(file, 'give what describe-change-set answered');
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(`${file}: expected JSON, got ${(error as Error).message}; give what describe-change-set answered`);
  }
}

/** Every page of a change set, with the values it will set. */
async function described({ stack, changeSet, region }: Options): Promise<ChangeSet> {
  if (changeSet === undefined) throw new Error('--change-set: expected a name beside --stack, got none; name it');
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  const Changes: Change[] = [];
  let page: DescribeChangeSetCommandOutput | undefined;
  do {
    const input = {
      StackName: stack,
      ChangeSetName: changeSet,
      IncludePropertyValues: true,
      NextToken: page?.NextToken,
    };
    page = await client.send(new DescribeChangeSetCommand(input));
    Changes.push(...(page.Changes ?? []));
  } while (page.NextToken !== undefined);
  return { ...page, Changes } as ChangeSet;
}

const program = new Command('preflight')
  .description('Refuse change sets that touch traffic rules, replace a store, or give permissions beyond the boundary.')
  .argument('[files...]', 'answers of aws cloudformation describe-change-set --include-property-values')
  .option('--stack <name>', 'ask CloudFormation instead')
  .option('--change-set <name>', 'which one of the stack')
  .option('--region <name>', 'where the stack is')
  .option('--template <file>', 'the template, where the change set was described without values')
  .option('--json', 'print the refusals as JSON')
  .action((files: readonly string[], options: Options) => runCommand(() => run(files, options)));

await program.parseAsync();
