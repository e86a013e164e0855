import type { Constraint, RangeVar } from 'libpg-query';
import type { Objection } from '../objection';
import { demandedBy } from '../syntax';
import { NONE, type RuleContext } from './rule';

const INDEXED = ['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION'];

/** A constraint joins a table that is in use. */
export function addConstraint(
  constraint: Constraint,
  { relation, context }: { readonly relation: RangeVar; readonly context: RuleContext },
): readonly Objection[] {
  const { contype = 'CONSTR_CHECK', conname = 'it', skip_validation, indexname, location: offset } = constraint;
  if (skip_validation) return tooEarly(constraint, relation, context);
  if (contype === 'CONSTR_UNIQUE' && indexname !== undefined) return NONE;
  return [{ ...(INDEXED.includes(contype) ? builtUnderLock(conname) : validatedUnderLock(conname)), offset }];
}

/**
 * NOT VALID spares old rows the reading, not the rule: from then on every update of a row that lacks the value fails, the running
 * release's too, whatever it updates.
 */
function tooEarly(constraint: Constraint, relation: RangeVar, { schema }: RuleContext): readonly Objection[] {
  const column = demandedBy(constraint);
  if (column === undefined || schema.isFilled(relation, column)) return NONE;
  return [
    {
      ...{
        reason: 'breaks',
        expected: 'a column that a backfill has filled before',
        got: `${column} demanded of old rows`,
      },
      fix: 'set a default, fill old rows in a backfill migration, and add the constraint in a file after it',
      offset: constraint.location,
    },
  ];
}

function builtUnderLock(name: string): Objection {
  return {
    ...{
      reason: 'locks',
      expected: 'a constraint on an index that stands already',
      got: `${name} with an index to be built`,
    },
    fix: '"create unique index concurrently" in a file of its own, then "add constraint … unique using index"',
  };
}

function validatedUnderLock(name: string): Objection {
  return {
    ...{
      reason: 'locks',
      expected: 'a constraint that is NOT VALID at first',
      got: `${name}, for which every row is read under a lock`,
    },
    fix: 'add "not valid", and "validate constraint" in a later file',
  };
}
