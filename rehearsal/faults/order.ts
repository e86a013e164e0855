import type { Fault } from './fault';

/** What may befall a release before and between the stages of its order. */
export const ORDER_FAULTS: readonly Fault[] = [
  {
    name: 'expand-migration',
    sentence: 'the release adds a column that only its own code uses, while the old one goes on',
    expected: { outcome: 'promoted', because: /./ },
    migrations: [{ path: '0004_expand_mood.sql', sql: 'alter table reflections add column mood text;\n' }],
  },
  {
    name: 'breaking-migration',
    sentence: 'the release takes away a column that the old one still reads',
    expected: { outcome: 'refused', because: /0009_expand_forget\.sql:1: alter table accounts drop column/ },
    migrations: [{ path: '0009_expand_forget.sql', sql: 'alter table accounts drop column password;\n' }],
  },
  {
    name: 'frozen',
    sentence: 'somebody has frozen the system',
    expected: { outcome: 'refused', because: /frozen by the rehearsal: a quiet week/ },
    frozen: true,
  },
  {
    name: 'order-killed',
    sentence: 'whoever carries out the order of a good release is killed after each of its stages, and starts again',
    expected: { outcome: 'promoted', because: /./ },
    killsOrder: true,
  },
];
