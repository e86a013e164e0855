import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Findings of cdk-nag that stand on purpose. */
export interface Accepted {
  /** Exact ids as cdk-nag prints them, e.g. `AwsSolutions-IAM5[Resource::*]`. */
  readonly ids: readonly string[];
  /** Why it does not bite here. */
  readonly why: string;
  /** What stands in its place. */
  readonly instead: string;
  /** When to look again. */
  readonly again: string;
}

/** Type under which a construct keeps what is accepted on it, for the report. */
export const ACCEPTED = 'sluice:accepted';

/** Context key: with `false` the packs say everything they find, also what is accepted. */
export const ACKNOWLEDGE = 'sluice:acknowledge';

/** Accept findings on a construct and what is in it, with the reason a reviewer asks for. */
export function acknowledge(on: IConstruct, ...findings: readonly Accepted[]): void {
  for (const accepted of findings) on.node.addMetadata(ACCEPTED, accepted);
  if (on.node.tryGetContext(ACKNOWLEDGE) === false) return;
  for (const { ids, why, instead, again } of findings) {
    const reason = `${why} Instead: ${instead} Again: ${again}`;
    Validations.of(on).acknowledge(...ids.map((id) => ({ id, reason })));
  }
}

/** Rights that follow from one role's own work are written with it; a managed policy apart could drift from it. */
export const OWN_POLICY: Accepted = {
  ids: ['NIST.800.53.R5-IAMNoInlinePolicy'],
  why: 'The policy belongs to one role, is made by grants where the resource is, and lives and dies with the role.',
  instead: 'a test holds every action of every role to what its code calls; no user or group has an inline policy.',
  again: 'when one policy is to serve two roles.',
};
