import type { MaskedColumns } from '../lib/model/delivery';

/** What is personal in coach's database: who somebody is, what they wrote, and what proves it. */
export const COACH_MASKED: MaskedColumns = {
  accounts: { name: 'name', password: 'secret' },
  idempotent_answers: { account: 'name', key: 'text', answer: 'json', request_hash: 'secret' },
  audit_log: { account: 'name', subject: 'text' },
  reflections: { account: 'name', text: 'text' },
  outbox: { account: 'name', payload: 'json' },
  imports: { account: 'name', summary: 'keep' },
  dead_letters: { reason: 'text' },
  schema_migrations: { name: 'keep' },
};
