import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { defineStandby, defineSystem } from '../../lib/app';
import { compliancePacks } from '../../lib/compliance';
import { ACCEPTED, ACKNOWLEDGE, type Accepted } from '../../lib/constructs/acknowledge';
import { builtImages } from '../../lib/constructs/images';
import { resolveDelivery } from '../../lib/model/pipelines';
import { resolve } from '../../lib/model/resolve';
import { ENV_NAMES, type SystemConfig } from '../../lib/model/system';
import { defineDelivery } from '../../lib/stacks/delivery-stack';

/** Something a pack says of a resource, and why it stands. */
export interface Finding {
  readonly system: string;
  /** An environment, `standby` for the second region, `tools` for the pipelines' account. */
  readonly env: string;
  readonly pack: string;
  readonly rule: string;
  /** Path of the construct, e.g. `coach-prod-data/db/Instance/Resource`. */
  readonly resource: string;
  readonly finding: string;
  /** @default - nobody has said why it should */
  readonly accepted?: Omit<Accepted, 'ids'>;
}

/** Everything the packs say of a system, also of what is accepted: its environments, the second region, the tools' account. */
export function findingsOf(system: SystemConfig): readonly Finding[] {
  const { name } = system;
  const models = ENV_NAMES.map((env) => resolve(system, env));
  const delivery = resolveDelivery(system);
  return [
    ...models.flatMap((model) => findings(name, model.env, (app) => defineSystem(app, model, builtImages()))),
    ...models
      .filter(({ recoveryRegion }) => recoveryRegion)
      .flatMap((model) => findings(name, 'standby', (app) => defineStandby(app, model, { images: builtImages() }))),
    ...(delivery ? findings(name, 'tools', (app) => defineDelivery(app, delivery)) : []),
  ];
}

function findings(system: string, env: string, define: (app: App) => void): readonly Finding[] {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({ context: { ...context, [ACKNOWLEDGE]: false } });
  define(app);
  return reported(app).map((part) => ({ ...{ system, env, ...part }, accepted: reasonFor(app, part) }));
}

type Part = Pick<Finding, 'pack' | 'rule' | 'resource' | 'finding'>;

function reported(app: App): readonly Part[] {
  return compliancePacks(app).flatMap((pack) =>
    pack
      .validateScope(app)
      .violations.flatMap(({ ruleName: rule, description: finding, violatingResources }) =>
        violatingResources.map(({ constructPath: resource = '' }) => ({ pack: pack.name, rule, resource, finding })),
      ),
  );
}

/** From the construct itself, or the nearest one around it that accepts the rule. */
function reasonFor(app: App, { rule, resource }: Part): Finding['accepted'] {
  const around = pathsUp(resource).flatMap((path) => find(app, path) ?? []);
  const accepted = around.flatMap(acceptedOn).find(({ ids }) => ids.includes(rule));
  return accepted && { why: accepted.why, instead: accepted.instead, again: accepted.again };
}

function find(app: App, path: string): IConstruct | undefined {
  return path.split('/').reduce<IConstruct | undefined>((construct, id) => construct?.node.tryFindChild(id), app);
}

function pathsUp(path: string): readonly string[] {
  const ids = path.split('/');
  return ids.map((_, i) => ids.slice(0, ids.length - i).join('/'));
}

function acceptedOn({ node }: IConstruct): readonly Accepted[] {
  return node.metadata.filter(({ type }) => type === ACCEPTED).map(({ data }) => data as Accepted);
}
