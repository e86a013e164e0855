import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { defineSystem } from '../../lib/app';
import { compliancePacks } from '../../lib/compliance';
import { ACCEPTED, ACKNOWLEDGE, type Accepted } from '../../lib/constructs/acknowledge';
import { builtImages } from '../../lib/constructs/images';
import { resolve } from '../../lib/model/resolve';
import type { EnvName, SystemConfig } from '../../lib/model/system';

/** Something a pack says of a resource, and why it stands. */
export interface Finding {
  readonly system: string;
  readonly env: EnvName;
  readonly pack: string;
  readonly rule: string;
  /** Path of the construct, e.g. `coach-prod-data/db/Instance/Resource`. */
  readonly resource: string;
  readonly finding: string;
  /** @default - nobody has said why it should */
  readonly accepted?: Omit<Accepted, 'ids'>;
}

/** Everything the packs say of a system in an environment, also of what is accepted. */
export function findingsOf(system: SystemConfig, env: EnvName): readonly Finding[] {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({ context: { ...context, [ACKNOWLEDGE]: false } });
  defineSystem(app, resolve(system, env), builtImages());
  return reported(app).map((part) => ({
    ...{ system: system.name, env, ...part },
    accepted: reasonFor(app, part),
  }));
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
