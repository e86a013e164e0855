import type { A_Const, RefreshMatViewStmt, SelectStmt, VacuumStmt, VariableSetStmt } from 'libpg-query';
import type { Objection } from '../objection';
import { nameOf, nodesOf } from '../syntax';
import { unknownCalls } from './functions';
import { NONE, type Rule } from './rule';

/** Settings that change neither what later names mean nor how later text is read. */
const SETTINGS = new Set([
  ...[
    'statement_timeout',
    'idle_in_transaction_session_timeout',
    'client_min_messages',
    'timezone',
    'application_name',
  ],
  ...['check_function_bodies', 'default_table_access_method', 'maintenance_work_mem', 'work_mem'],
]);

const MOST_WAIT_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const set: Rule<VariableSetStmt> = ({ name = '', kind, args = [] }) => {
  if (SETTINGS.has(name)) return NONE;
  if (name !== 'lock_timeout') {
    return [
      {
        ...{ reason: 'unreadable', expected: 'settings that change nothing else', got: `set ${name || 'session'}` },
        fix: 'leave it out; write names with their schema where that is what it was for',
      },
    ];
  }
  const waits =
    kind === 'VAR_SET_VALUE' ? milliseconds(args.flatMap((node) => ('A_Const' in node ? [node.A_Const] : []))[0]) : 0;
  if (waits > 0 && waits <= MOST_WAIT_MS) return NONE;
  return [
    {
      ...{ reason: 'locks', expected: 'a lock_timeout of 1 ms to 60 s', got: waits > 0 ? `${waits} ms` : 'none' },
      fix: 'leave it out: while a migration waits for a lock, every query behind it waits too',
    },
  ];
};

/** Of `5000`, `'5s'` or `'1min'`; 0 where it cannot be told. */
function milliseconds(value: A_Const | undefined): number {
  const text = value?.sval?.sval ?? String(value?.ival?.ival ?? 0);
  const [, number = '0', unit = 'ms'] = /^\s*(\d+)\s*([a-z]+)?\s*$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? 0);
}

export const select: Rule<SelectStmt> = ({ intoClause, lockingClause }) => [
  ...(intoClause === undefined ? NONE : [SELECT_INTO]),
  ...(lockingClause === undefined ? NONE : lock()),
];

const SELECT_INTO: Objection = {
  ...{ reason: 'locks', expected: 'a table that is created empty', got: 'select into' },
  fix: 'write "create table", and fill it in a backfill migration',
};

export const lock = (): readonly Objection[] => [
  {
    ...{ reason: 'locks', expected: 'no lock but those the statements take themselves', got: 'a lock of its own' },
    fix: 'leave it out: it keeps everybody waiting until the file ends',
  },
];

export const vacuum: Rule<VacuumStmt> = ({ is_vacuumcmd, options = [] }) => {
  if (!is_vacuumcmd) return NONE;
  const isFull = options.some((node) => 'DefElem' in node && node.DefElem.defname === 'full');
  const reason = isFull ? 'locks' : 'misplaced';
  return [
    { reason, expected: 'no vacuum', got: isFull ? 'vacuum full' : 'vacuum', fix: 'leave it out: autovacuum does it' },
  ];
};

export const refresh: Rule<RefreshMatViewStmt> = ({ concurrent, relation = {} }, { schema }) =>
  concurrent || schema.isFreshObject('matview', nameOf(relation))
    ? NONE
    : [
        {
          ...{
            reason: 'locks',
            expected: '"concurrently"',
            got: `a refresh that keeps readers of ${nameOf(relation)} waiting`,
          },
          fix: 'write "refresh materialized view concurrently"',
        },
      ];

/** Kinds of statement that cannot work in a migration, whatever they say. */
export function outOfPlace(what: string, fix: string): Rule<unknown> {
  return () => [{ reason: 'misplaced', expected: 'nothing but changes of the schema', got: what, fix }];
}

export function unreadable(what: string): readonly Objection[] {
  return [
    {
      ...{ reason: 'unreadable', expected: 'statements that can be read', got: what },
      fix: 'write out what it does; nothing here can tell what it changes',
    },
  ];
}

/** Functions that are called when a statement runs; not those of its definitions, which run later. */
export function callsIn(kind: string, body: unknown): readonly Objection[] {
  if (!EXECUTING.includes(kind)) return NONE;
  return nodesOf('FuncCall', body).length > 0 ? unknownCalls(body) : NONE;
}

const EXECUTING = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CreateTableAsStmt'];
