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
const ANYWHERE = /^(\*|arn:\*.*|arn:aws:[\w-]+:[^:]*:[^:]*:\*)$/;

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

/** Whom a policy lets in that anybody could be. */
export function letsIn(document: unknown): readonly Objection[] {
  return statementsIn(document)
    .filter(({ Effect, Condition }) => Effect !== 'Deny' && Condition === undefined)
    .filter(({ Principal, NotPrincipal }) => NotPrincipal !== undefined || isAnybody(Principal))
    .map(() => ({ expected: 'principals by name', got: 'anybody, without a condition', fix: 'name who it is for' }));
}

function isAnybody(principal: unknown): boolean {
  const all =
    typeof principal === 'object' && principal !== null ? Object.values(principal).flatMap(listOf) : [principal];
  return all.includes('*');
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
