import type { A_Const, ColumnDef, Constraint, FuncCall, Node, RangeVar, TypeName } from 'libpg-query';

/** A node that some part of a statement holds, with everything below it. */
export type Branch = unknown;

/** Every node of a kind below a branch, in the order of the text. */
export function nodesOf<T>(kind: string, branch: Branch): readonly T[] {
  const found: T[] = [];
  visit(branch, (name, value) => {
    if (name === kind) found.push(value as T);
  });
  return found;
}

function visit(branch: Branch, see: (name: string, value: unknown) => void): void {
  if (Array.isArray(branch)) for (const part of branch) visit(part, see);
  else if (branch && typeof branch === 'object') {
    for (const [name, value] of Object.entries(branch)) {
      see(name, value);
      visit(value, see);
    }
  }
}

/** `schema.table`, or `table` for the ordinary schema. */
export function nameOf({ schemaname, relname = '' }: RangeVar): string {
  return joined([schemaname ?? 'public', relname]);
}

/** Parts of a qualified name, as lists of strings bear them. */
export function joined(parts: readonly string[]): string {
  return parts[0] === 'public' ? parts.slice(1).join('.') : parts.join('.');
}

/** Texts of a list of string nodes. */
export function textsOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? (node.String.sval ?? '') : []));
}

/** `varchar(30)`, `int4`, `numeric(10,2)`, `text[]`. */
export function typeOf(type: TypeName | undefined): string {
  const name = joined(textsOf(type?.names).filter((part) => part !== 'pg_catalog'));
  const sizes = nodesOf<A_Const>('A_Const', type?.typmods).map(({ ival }) => ival?.ival ?? 0);
  const size = sizes.length > 0 ? `(${sizes.join(',')})` : '';
  return `${name}${size}${'[]'.repeat(type?.arrayBounds?.length ?? 0)}`;
}

/** Names of the functions that a branch calls; those of `pg_catalog` without it. */
export function functionsIn(branch: Branch): readonly string[] {
  return nodesOf<FuncCall>('FuncCall', branch).map(({ funcname }) =>
    textsOf(funcname)
      .filter((part, i, { length }) => part !== 'pg_catalog' || i === length - 1)
      .join('.'),
  );
}

/** Constraints written behind a column, by kind. */
export function constraintsOf({ constraints = [] }: ColumnDef) {
  return constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

/** Column that a constraint wants to be not null: `check (x is not null)`, or since PostgreSQL 18 `not null x`. */
export function demandedBy({ contype, raw_expr, keys }: Constraint): string | undefined {
  if (contype === 'CONSTR_NOTNULL') return textsOf(keys)[0];
  if (contype !== 'CONSTR_CHECK' || !raw_expr || !('NullTest' in raw_expr)) return undefined;
  const { arg, nulltesttype } = raw_expr.NullTest;
  return nulltesttype === 'IS_NOT_NULL' && arg && 'ColumnRef' in arg ? textsOf(arg.ColumnRef.fields).at(-1) : undefined;
}
