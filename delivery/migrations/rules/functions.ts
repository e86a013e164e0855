import type { Objection } from '../objection';
import { type Branch, functionsIn } from '../syntax';

/** Functions whose value stands still during a statement, so that a default made of them is computed once and not for each row. */
const STEADY = new Set([
  ...['now', 'transaction_timestamp', 'statement_timestamp', 'date_trunc', 'date_part', 'timezone', 'make_interval'],
  ...[
    'lower',
    'upper',
    'md5',
    'encode',
    'decode',
    'concat',
    'coalesce',
    'length',
    'repeat',
    'to_char',
    'trim',
    'btrim',
  ],
  ...['jsonb_build_object', 'jsonb_build_array', 'json_build_object', 'json_build_array', 'to_jsonb', 'to_json'],
  ...[
    'array_to_string',
    'string_to_array',
    'sha256',
    'current_setting',
    'abs',
    'round',
    'floor',
    'ceil',
    'date',
    'left',
  ],
  ...[
    'substring',
    'substr',
    'replace',
    'format',
    'nullif',
    'greatest',
    'least',
    'current_schema',
    'char_length',
    'right',
  ],
]);

/** Functions that differ from row to row and change nothing but a sequence. */
const HARMLESS = new Set([
  ...['gen_random_uuid', 'uuidv4', 'uuidv7', 'uuid_generate_v4', 'random', 'clock_timestamp', 'nextval', 'timeofday'],
  ...[
    'count',
    'min',
    'max',
    'sum',
    'avg',
    'exists',
    'generate_series',
    'unnest',
    'to_regclass',
    'pg_get_constraintdef',
  ],
  ...[
    'row_number',
    'rank',
    'array_agg',
    'jsonb_agg',
    'string_agg',
    'jsonb_array_elements',
    'jsonb_array_elements_text',
  ],
  ...[
    'jsonb_set',
    'split_part',
    'regexp_replace',
    'to_timestamp',
    'to_date',
    'jsonb_each',
    'jsonb_typeof',
    'cardinality',
  ],
]);

/** Functions of a default that PostgreSQL would have to call for each row. */
export function volatileIn(branch: Branch): readonly string[] {
  return functionsIn(branch).filter((name) => !STEADY.has(name));
}

/** Calls of functions that may do anything. */
export function unknownCalls(branch: Branch): readonly Objection[] {
  const unknown = functionsIn(branch).filter((name) => !STEADY.has(name) && !HARMLESS.has(name));
  return [...new Set(unknown)].map((name) => ({
    ...{ reason: 'unreadable', expected: 'functions that only compute', got: `a call of ${name}()` },
    fix: 'write out what it does; nothing here can tell what a function changes',
  }));
}
