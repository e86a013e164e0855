import type { MaskedColumns, ReleaseWindow } from './delivery';
import { ConfigError, type Problem } from './problem';
import { resolve } from './resolve';
import { ENV_NAMES, type EnvName, type SystemConfig, type SystemModel } from './system';

/** How changes reach a system's environments: one repository, and a pipeline for each environment that has one. */
export interface DeliveryConfig {
  readonly repository: RepositoryConfig;
  /** Who is told of a failed stage and of an approval that is wanted. */
  readonly notify?: readonly string[];
  readonly pipelines: Readonly<Partial<Record<EnvName, PipelineConfig>>>;
  /** Data of one environment, masked, for another. @default - each keeps to its own */
  readonly maskedData?: MaskedDataConfig;
}

export interface MaskedDataConfig {
  readonly from: EnvName;
  readonly to: EnvName;
  readonly columns: MaskedColumns;
  /** Tables that tell of a database and not of its users, so that each keeps its own. @default - `schema_migrations` */
  readonly stays?: readonly string[];
  /** When, as EventBridge's cron in UTC. @default - only when somebody starts it */
  readonly cron?: string;
}

export interface RepositoryConfig {
  readonly owner: string;
  readonly name: string;
  /** Branch that releases are cut from: a tag on a commit outside it is refused. @default - main */
  readonly branch?: string;
  /** ARN of the connection to the repository's host, which somebody has to authorise once. */
  readonly connection: string;
}

export interface PipelineConfig {
  readonly trigger: Trigger;
  /** Whether a person has to agree before the canary. @default - nobody is asked */
  readonly approval?: boolean;
  /** When releases may go out. @default - at any time */
  readonly window?: ReleaseWindow;
}

/** What starts a pipeline. Patterns are globs, at most eight of them. */
export type Trigger =
  | { readonly on: 'pull-request'; readonly into: readonly string[] }
  | { readonly on: 'push'; readonly branches: readonly string[] }
  | { readonly on: 'tag'; readonly tags: readonly string[]; readonly except?: readonly string[] };

/** One pipeline with every default filled in. */
export interface PipelineModel {
  readonly env: EnvName;
  readonly trigger: Trigger;
  readonly approval: boolean;
  readonly window?: ReleaseWindow;
  /** The environment it releases to. */
  readonly system: SystemModel;
}

/** Everything about a system's delivery: complete, checked and frozen. */
export interface DeliveryModel {
  readonly name: string;
  /** Where pipelines, keys and images live. */
  readonly tools: { readonly account: string; readonly region: string };
  readonly repository: Required<RepositoryConfig>;
  readonly notify: readonly string[];
  /** Targets of the Dockerfile, each with a repository `<system>/<image>`. */
  readonly images: readonly string[];
  readonly pipelines: readonly PipelineModel[];
}

/**
 * A system's delivery with every default filled in; undefined if the system has none.
 *
 * @throws ConfigError with every problem found
 */
export function resolveDelivery(config: SystemConfig): DeliveryModel | undefined {
  const { delivery, registry, name } = config;
  if (!delivery) return undefined;
  const problems = [
    ...toolsMissing(config),
    ...noPipeline(delivery),
    ...sharedTriggers(delivery),
    ...windows(delivery),
  ];
  if (problems.length > 0 || !registry) throw new ConfigError(`${name}/delivery`, problems);
  return Object.freeze({
    ...{ name, tools: registry, notify: delivery.notify ?? [], images: imagesOf(config) },
    repository: { branch: 'main', ...delivery.repository },
    pipelines: piped(delivery).map(([env, pipeline]) => ({
      ...{ env, approval: false, ...pipeline, system: resolve(config, env) },
    })),
  });
}

/** What a pipeline calls the release it makes: the tag, or the commit where nobody tagged. */
export function releaseIdVariable({ on }: Trigger): string {
  return on === 'tag' ? '#{Source.TagName}' : '#{Source.CommitId}';
}

/** Branch that a release's commit must be part of: the one that was pushed, or the one that tags are cut from. */
export function branchVariable({ on }: Trigger, { branch }: Pick<Required<RepositoryConfig>, 'branch'>): string {
  return on === 'push' ? '#{Source.BranchName}' : branch;
}

function imagesOf({ services, tasks = {} }: SystemConfig): readonly string[] {
  return [...new Set([...Object.keys(services), ...Object.values(tasks).map(({ image }) => image)])];
}

function piped({ pipelines }: DeliveryConfig): readonly (readonly [EnvName, PipelineConfig])[] {
  return ENV_NAMES.flatMap((env) => {
    const pipeline = pipelines[env];
    return pipeline ? [[env, pipeline] as const] : [];
  });
}

function toolsMissing({ registry }: SystemConfig): readonly Problem[] {
  if (registry) return [];
  const expected = 'account and region of the registry, where the pipelines live too';
  return [{ at: 'registry', got: undefined, expected, fix: 'add it to the system' }];
}

function noPipeline(delivery: DeliveryConfig): readonly Problem[] {
  if (piped(delivery).length > 0) return [];
  const at = 'delivery.pipelines';
  return [
    { at, got: {}, expected: 'at least one of dev, staging, prod', fix: 'add a pipeline, or leave delivery out' },
  ];
}

/** One push that starts two pipelines would race for the same images. */
function sharedTriggers(delivery: DeliveryConfig): readonly Problem[] {
  const starts = piped(delivery).flatMap(([env, { trigger }]) =>
    patternsOf(trigger).map((pattern) => ({ env, key: `${trigger.on} ${pattern}` })),
  );
  return starts.flatMap(({ env, key }, i) => {
    const first = starts.findIndex((other) => other.key === key);
    if (first === i) return [];
    const at = `delivery.pipelines.${env}.trigger`;
    const expected = `what starts no other pipeline; ${starts[first]!.env} has it already`;
    return [{ at, got: key, expected, fix: 'give one of them another branch or tag' }];
  });
}

export function patternsOf(trigger: Trigger): readonly string[] {
  if (trigger.on === 'tag') return trigger.tags;
  return trigger.on === 'push' ? trigger.branches : trigger.into;
}

function windows(delivery: DeliveryConfig): readonly Problem[] {
  return piped(delivery).flatMap(([env, { window }]) => (window ? windowProblems(env, window) : []));
}

function windowProblems(env: EnvName, { from, to, timeZone }: ReleaseWindow): readonly Problem[] {
  const at = `delivery.pipelines.${env}.window`;
  const problems: Problem[] = [];
  if (from >= to)
    problems.push({ at: `${at}.to`, got: to, expected: `a time after ${from}`, fix: 'end it on the same day' });
  if (!isTimeZone(timeZone))
    problems.push({
      ...{ at: `${at}.timeZone`, got: timeZone, expected: 'an IANA name, e.g. "Asia/Singapore"' },
      fix: 'mend the spelling',
    });
  return problems;
}

function isTimeZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}

/**
 * The window as CodePipeline takes it, in whole hours: those that the window touches. The order of the release checks the minutes.
 *
 * Shape: seconds minutes hours day-of-month month day-of-week
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
 */
export function windowCron({ days, from, to }: ReleaseWindow): string {
  const [first, last] = [hourOf(from), to.endsWith(':00') ? hourOf(to) - 1 : hourOf(to)];
  return `* * ${first}-${last} ? * ${days.map((day) => day.toUpperCase()).join(',')}`;
}

function hourOf(time: string): number {
  return Number(time.slice(0, 2));
}
