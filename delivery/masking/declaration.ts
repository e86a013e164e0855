import type { MaskedColumns, MaskKind } from '../../lib/model/delivery';
import type { Problem } from '../../lib/model/problem';
import type { Catalogue, Column } from './catalogue';
import { numbersPerson, speaksOfPerson } from './personal-names';

/** A column that is to be masked. */
export interface Masked extends Column {
  readonly kind: MaskKind;
}

const TEXTS = ['text', 'varchar', 'bpchar', 'citext', 'name'];
const WHOLE = ['int2', 'int4', 'int8'];

/** Types that each kind can mask. */
export const FITTING: Readonly<Record<Exclude<MaskKind, 'null'>, readonly string[]>> = {
  name: TEXTS,
  email: TEXTS,
  digits: [...TEXTS, ...WHOLE, 'numeric'],
  text: [...TEXTS, 'text[]', 'varchar[]'],
  uuid: ['uuid'],
  ip: ['inet'],
  date: ['date', 'timestamp', 'timestamptz'],
  secret: [...TEXTS, 'bytea'],
  json: ['json', 'jsonb'],
};

/** Fewest characters in which masks of a kind can differ enough. */
const LEAST: Partial<Record<MaskKind, number>> = { name: 10, email: 24 };

/** Types that may hold what a person is or wrote. */
const TELLING = [...TEXTS, 'text[]', 'varchar[]', 'inet', 'cidr', 'macaddr', 'date'];
/** Of these nobody can tell by their name. */
const OPAQUE = ['json', 'jsonb', 'xml', 'hstore', 'bytea', 'tsvector', 'composite'].flatMap((type) => [
  type,
  `${type}[]`,
]);

/** Columns to be masked, in the order of the tables. Only what {@link declarationProblems} has nothing against. */
export function maskedColumns({ columns }: Catalogue, declared: MaskedColumns): readonly Masked[] {
  return columns.flatMap((column) => {
    const kind = declared[column.table]?.[column.column];
    return kind === undefined || kind === 'keep' ? [] : { ...column, kind };
  });
}

/** Everything that would leave personal data in the copy, or break it. */
export function declarationProblems(catalogue: Catalogue, declared: MaskedColumns): readonly Problem[] {
  return [
    ...unknownColumns(catalogue, declared),
    ...maskedColumns(catalogue, declared).flatMap(misfits),
    ...catalogue.columns.flatMap((column) => undeclared(column, declared)),
    ...parted(catalogue, declared),
  ];
}

function unknownColumns({ columns }: Catalogue, declared: MaskedColumns): readonly Problem[] {
  return Object.entries(declared).flatMap(([table, own]) => {
    const known = columns.filter((column) => column.table === table).map(({ column }) => column);
    const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'a table of this database';
    const unknown = Object.keys(own).filter((column) => !known.includes(column));
    return unknown.map((column) => ({
      ...{ at: `masked.${table}.${column}`, got: column, expected },
      fix: 'drop it from the declaration, or mend its name',
    }));
  });
}

function misfits({ table, column, kind, type, ...rest }: Masked): readonly Problem[] {
  const at = `masked.${table}.${column}`;
  if (rest.generated)
    return [{ at, got: kind, expected: 'nothing on a generated column', fix: 'mask what it is computed from' }];
  if (kind === 'null')
    return rest.nullable ? [] : [{ at, got: kind, expected: 'a kind that leaves a value', fix: 'it may not be null' }];
  if (!FITTING[kind].includes(type)) {
    const kinds = Object.entries(FITTING).flatMap(([name, types]) => (types.includes(type) ? name : []));
    return [{ at, got: kind, expected: `${kinds.join(', ') || 'null'} for ${type}`, fix: 'take one of these' }];
  }
  const least = rest.unique ? LEAST[kind] : undefined;
  if (least === undefined || rest.most === null || rest.most >= least) return [];
  return [
    {
      ...{ at, got: rest.most, expected: `at least ${least} characters for ${kind} where values differ` },
      fix: 'take text, which keeps the length',
    },
  ];
}

function undeclared({ table, column, type, generated }: Column, declared: MaskedColumns): readonly Problem[] {
  if (generated || declared[table]?.[column] !== undefined) return [];
  const isTelling = OPAQUE.includes(type) || (TELLING.includes(type) ? speaksOfPerson(column) : numbersPerson(column));
  if (!isTelling) return [];
  return [
    {
      ...{
        at: `masked.${table}.${column}`,
        got: undefined,
        expected: `a kind for ${type}, as it may tell of a person`,
      },
      fix: 'declare how it is masked, or "keep" if it tells nothing',
    },
  ];
}

/** Columns that a foreign key holds together get the same masks, or none. */
function parted({ links }: Catalogue, declared: MaskedColumns): readonly Problem[] {
  const kindOf = ([table, column]: readonly [string, string]) => {
    const kind = declared[table]?.[column];
    return kind === 'keep' ? undefined : kind;
  };
  return links.flatMap(({ from, to }) =>
    kindOf(from) === kindOf(to)
      ? []
      : {
          ...{
            at: `masked.${from.join('.')}`,
            got: kindOf(from),
            expected: `${kindOf(to) ?? 'nothing'}, as ${to.join('.')} has`,
          },
          fix: 'declare both alike: a foreign key holds them together',
        },
  );
}
