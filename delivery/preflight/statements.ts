import type { Boundary } from './boundary';
import type { Objection } from './change-set';
import { covers, overlap } from './globs';

interface Statement {
  readonly Effect?: string;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: unknown;
}

/** What a policy lets its holder do beyond the boundary. */
export function beyond(document: unknown, boundary: Boundary): readonly Objection[] {
  if (isHidden(document)) return [unreadable('a policy')];
  return statementsIn(document)
    .filter(({ Effect }) => Effect !== 'Deny')
    .flatMap((statement) => [...unbounded(statement), ...actionsBeyond(statement, boundary)]);
}

function unbounded({ NotAction, NotResource }: Statement): readonly Objection[] {
  const name = NotAction === undefined ? 'NotResource' : 'NotAction';
  if (NotAction === undefined && NotResource === undefined) return [];
  return [
    {
      expected: 'actions and resources by name',
      got: `an allowance of all but some, by ${name}`,
      fix: 'list what it needs',
    },
  ];
}

/** Every resource, or every one of a kind. */
const ANYWHERE = /^(\*|arn:\*.*|arn:aws:[\w-]+:[^:]*:[^:]*:\*|arn:aws:iam:[^:]*:[^:]*:(role|user|policy)\/\*)$/;

function actionsBeyond({ Action, Resource }: Statement, boundary: Boundary): readonly Objection[] {
  const isAnywhere = listOf(Resource).some((resource) => typeof resource === 'string' && ANYWHERE.test(resource));
  return listOf(Action).flatMap((action) => {
    if (typeof action !== 'string') return [unreadable('an action')];
    const outside = outsideOf(action, boundary);
    if (outside) return [outside];
    if (!isAnywhere || !boundary.named.some((pattern) => overlap(pattern, action))) return [];
    return [{ expected: 'resources by name', got: `${action} on every resource`, fix: 'name the resources it needs' }];
  });
}

function outsideOf(action: string, { actions, never }: Boundary): Objection | undefined {
  const forbidden = never.find((pattern) => overlap(pattern, action));
  if (forbidden === undefined && actions.some((pattern) => covers(pattern, action))) return undefined;
  const takesIn = forbidden === undefined || forbidden === action ? '' : `, which takes in ${forbidden}`;
  return {
    ...{ expected: 'actions within the boundary', got: `${action}${takesIn}` },
    fix: 'name the actions it needs; what is beyond the boundary a person gives it',
  };
}

/**
 * Whom a policy lets in, without a condition, that anybody could be, or that another account is.
 *
 * @param account the environment's own @default - nobody knows, and only everybody is refused
 */
export function letsIn(document: unknown, account?: string): readonly Objection[] {
  if (isHidden(document)) return [unreadable('a policy')];
  return statementsIn(document)
    .filter(({ Effect, Condition }) => Effect !== 'Deny' && Condition === undefined)
    .flatMap(({ Principal, NotPrincipal }) => {
      const named = principalsIn(Principal);
      if (NotPrincipal !== undefined || named.includes('*')) return [ANYBODY];
      const strangers = named.filter(
        (name) => account !== undefined && !(accountIn(name) ?? account).includes(account),
      );
      return strangers.map((name) => ({ ...ANYBODY, got: `${name}, of another account, without a condition` }));
    });
}

export const ANYBODY: Objection = {
  ...{ expected: 'principals by name', got: 'anybody, without a condition', fix: 'name who it is for' },
};

function principalsIn(principal: unknown): readonly string[] {
  const all =
    typeof principal === 'object' && principal !== null ? Object.values(principal).flatMap(listOf) : [principal];
  return all.filter((one) => typeof one === 'string');
}

/** Twelve digits by themselves, or in an ARN of IAM. */
function accountIn(principal: string): string | undefined {
  return /^(?:arn:[\w-]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(principal)?.[1];
}

/** A document that stands behind an intrinsic function, e.g. a condition. */
function isHidden(document: unknown): boolean {
  if (typeof document !== 'object' || document === null) return false;
  const statements = listOf((document as { Statement?: unknown }).Statement);
  return Object.keys(document).some((key) => key.startsWith('Fn::')) || statements.some(isIntrinsic);
}

function isIntrinsic(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).some((key) => key.startsWith('Fn::'));
}

export function unreadable(what: string): Objection {
  return {
    ...{ expected: 'what can be read before it is done', got: `${what} that cannot` },
    fix: 'describe the change set with --include-property-values, or give the template with --template',
  };
}

function statementsIn(document: unknown): readonly Statement[] {
  const parsed = typeof document === 'string' ? (JSON.parse(document) as unknown) : document;
  return listOf((parsed as { Statement?: unknown } | undefined)?.Statement) as readonly Statement[];
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
