import type { Artifact, IAction, Rule, StageProps } from 'aws-cdk-lib/aws-codepipeline';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { physicalName } from '../../model/names';
import { releasedParts } from '../../model/order-config';
import { type PipelineModel, patternsOf } from '../../model/pipelines';
import type { SystemModel } from '../../model/system';
import { entry, isOpen, isQuiet, isTagged, tagPattern } from './entry-rules';
import type { EnvironmentActions } from './environment-actions';
import type { ProjectName } from './projects';

/** What stages are made of. */
export interface Parts {
  /** Everything that is known of the release: its record, its lists of contents, its templates. */
  readonly record: Artifact;
  readonly environment: EnvironmentActions;
  /** Role in the environment, for rules that look there. */
  readonly deliveryRole: Role;
  build(actionName: string, project: ProjectName, runOrder: number, output?: Artifact): IAction;
  approve(): IAction;
}

/** The stages after the source: with a canary the order of a release, without one everything at once. */
export function stagesOf(pipeline: PipelineModel, parts: Parts): readonly StageProps[] {
  const isCanary = pipeline.system.rollout.kind === 'canary';
  return [build(pipeline, parts), ...(isCanary ? released(pipeline, parts) : atOnce(pipeline, parts))];
}

function build({ trigger }: PipelineModel, { build, record }: Parts): StageProps {
  return {
    stageName: 'Build',
    beforeEntry: trigger.on === 'tag' ? entry(isTagged(tagPattern(patternsOf(trigger)))) : undefined,
    actions: [build('Test', 'test', 1), build('Images', 'images', 2, record)],
  };
}

function released(pipeline: PipelineModel, parts: Parts): readonly StageProps[] {
  const { environment } = parts;
  const { system, approval } = pipeline;
  const { canary, last } = releasedParts(system);
  const stage = (stageName: string, ...actions: readonly IAction[]): StageProps => ({
    stageName,
    actions: [...actions],
  });
  return [
    verify(pipeline, parts),
    prepare(pipeline, parts),
    // whoever agrees may do so at night, or days later
    ...(approval ? [stage('Approve', parts.approve(), environment.stages('Still', CHECKS, 2))] : []),
    ...(keepsData(pipeline)
      ? [stage('Backup', environment.run('backup', { actionName: 'Snapshot', runOrder: 1 }))]
      : []),
    stage(
      'Migrate',
      environment.execute('tasks', 1),
      ...(system.tasks.migrate ? [environment.run('migrate', { actionName: 'Migrate', runOrder: 2 })] : []),
    ),
    {
      // one order for all: they meet at the gate, not here
      ...stage(
        'Canary',
        ...canary.map((part) => environment.execute(part, 1)),
        environment.stages('Verdict', ['canary'], 2),
      ),
      // hours may lie behind the first look, with a backup and migrations in them
      beforeEntry: entry(quiet(system, parts)),
    },
    stage('Workers', ...last.map((part) => environment.execute(part, 1)), environment.stages('Rolled', ['workers'], 2)),
    stage('Sites', environment.stages('Sites', ['sites'], 1)),
    stage('Smoke', environment.stages('Smoke', ['smoke'], 1)),
    stage('Report', environment.stages('Report', ['report'], 1)),
  ];
}

/** Nothing has changed when this stage fails; what it lays down in the ledger is the release's record. */
function verify({ window, system }: PipelineModel, parts: Parts): StageProps {
  const { build, record, environment } = parts;
  return {
    stageName: 'Verify',
    beforeEntry: entry(...(window ? [isOpen(window)] : []), quiet(system, parts)),
    actions: [build('Provenance', 'verify', 1), environment.store(record, 2), environment.stages('Checks', CHECKS, 3)],
  };
}

const CHECKS = ['window', 'freeze', 'alarms', 'schema'] as const;

function quiet(system: SystemModel, { deliveryRole }: Parts): Rule {
  return isQuiet(physicalName(system, 'release-any'), deliveryRole);
}

/** Every change set of the release, looked through before any of them is carried out. */
function prepare({ system }: PipelineModel, { build, record, environment }: Parts): StageProps {
  const { first, canary, last } = releasedParts(system);
  const prepared = [...first, ...canary, ...last].map((part) => environment.prepare(part, record, 1));
  return { stageName: 'Prepare', actions: [...prepared, build('Preflight', 'preflight', 2)] };
}

/** No canary: the database is made anew, and then everything is deployed. */
function atOnce(pipeline: PipelineModel, parts: Parts): readonly StageProps[] {
  const { environment } = parts;
  const { canary, last } = releasedParts(pipeline.system);
  return [
    { stageName: 'Verify', actions: [environment.store(parts.record, 1)] },
    prepare(pipeline, parts),
    {
      stageName: 'Reseed',
      actions: [environment.execute('tasks', 1), environment.run('reseed', { actionName: 'Reseed', runOrder: 2 })],
    },
    { stageName: 'Deploy', actions: [...canary, ...last].map((part) => environment.execute(part, 1)) },
    { stageName: 'Smoke', actions: [environment.stages('Smoke', ['smoke'], 1)] },
  ];
}

function keepsData({ system: { tier, stores } }: PipelineModel): boolean {
  return tier.retain && Object.values(stores).some(({ kind }) => kind === 'postgres');
}
