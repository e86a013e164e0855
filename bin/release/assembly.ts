import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerStore } from '../../lambda/gate/ports';
import { RELEASE_ID_VARIABLE } from '../../lib/model/release';
import type { Flags } from './commands';
import { placeOf } from './place';

export interface Assembly {
  readonly release: string;
  readonly folder: string;
  /** Stacks that a release redeploys, whose templates are in the folder. */
  readonly stacks: readonly string[];
}

/**
 * Fetch the cloud assembly that a release was deployed from, so that its configuration can be deployed again without a build.
 *
 * @throws Error in one line if the ledger has none, or the folder is in use
 */
export async function fetchAssembly(flags: Flags, release: string): Promise<void> {
  const { store } = await placeOf(flags);
  const folder = flags.output ?? `${release}-assembly`;
  const stacks = await lay(store, { release, folder });
  const fetched: Assembly = { release, folder, stacks };
  const deploy = `npx cdk deploy --app ${folder} --exclusively --concurrency 6 ${stacks.join(' ')}`;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(fetched, undefined, 2)}\n`
      : `${folder}: ${stacks.length} stacks as ${release} was deployed; when it serves everybody again, as after break-glass, its configuration comes back with\n  ${deploy}\n`,
  );
}

async function lay(
  store: LedgerStore,
  { release, folder }: { readonly release: string; readonly folder: string },
): Promise<readonly string[]> {
  const below = `releases/${release}/assembly/`;
  // what a release redeploys holds no code but images: its assets, which are not text, are those of other stacks
  const files = (await store.list(below)).map((key) => key.slice(below.length)).filter((file) => !file.includes('/'));
  if (!files.includes('manifest.json'))
    throw new Error(
      `${below}: expected the assembly that its build stored, got ${files.length} files of it; see history`,
    );
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(
      `${folder}: expected an empty folder, or none, got one with files in it; name another with --output`,
    );
  mkdirSync(folder, { recursive: true });
  for (const file of files) writeFileSync(join(folder, file), (await store.get(below + file)) ?? '');
  return files
    .filter((file) => TEMPLATE.test(file) && bears(readFileSync(join(folder, file), 'utf8'), release))
    .map((file) => file.replace(TEMPLATE, ''));
}

const TEMPLATE = /\.template\.json$/;

/** Whether a template has a container of this release, and so is redeployed by it. */
function bears(text: string, release: string): boolean {
  const { Resources = {} } = JSON.parse(text) as { Resources?: Record<string, { readonly Properties?: Containers }> };
  return Object.values(Resources)
    .flatMap(({ Properties }) => Properties?.ContainerDefinitions ?? [])
    .flatMap(({ Environment = [] }) => Environment)
    .some(({ Name, Value }) => Name === RELEASE_ID_VARIABLE && Value === release);
}

interface Containers {
  readonly ContainerDefinitions?: readonly {
    readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  }[];
}
