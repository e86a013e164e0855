/** Roles of a database. All sign in with a token of AWS's, so that there is no password to keep, send or change. */
export const DATABASE_ROLES = ['app_rw', 'app_ro', 'migrator', 'probe', 'backup_verify'] as const;

export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/**
 * SQL that makes the roles and their rights; run by the master user, again after every change here, and harmless to repeat.
 *
 * The migrator owns the schema. The application reads and writes what the migrator made, the read-only roles read it, and the probe
 * may add a row to the outbox and do nothing else. Where there is no `rds_iam`, outside RDS, they cannot sign in.
 */
export function rolesSql(): string {
  const all = DATABASE_ROLES.join(', ');
  return [
    ...DATABASE_ROLES.map(makeOnce),
    whereRoleExists('rds_iam', `GRANT rds_iam TO ${all}`),
    'REVOKE ALL ON SCHEMA public FROM PUBLIC;',
    'GRANT USAGE, CREATE ON SCHEMA public TO migrator;',
    `GRANT USAGE ON SCHEMA public TO ${all};`,
    'GRANT migrator TO CURRENT_USER;',
    ...rights('app_rw', 'SELECT, INSERT, UPDATE, DELETE'),
    'ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app_rw;',
    'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO app_rw;',
    ...rights('app_ro', 'SELECT'),
    ...rights('backup_verify', 'SELECT'),
    whereTableExists('outbox', 'GRANT INSERT ON outbox TO probe'),
  ].join('\n');
}

function makeOnce(role: DatabaseRole): string {
  return `DO $$ BEGIN CREATE ROLE ${role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;`;
}

function rights(role: DatabaseRole, what: string): readonly string[] {
  return [
    `ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA public GRANT ${what} ON TABLES TO ${role};`,
    `GRANT ${what} ON ALL TABLES IN SCHEMA public TO ${role};`,
  ];
}

function whereRoleExists(role: string, statements: string): string {
  return `DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN ${statements}; END IF; END $$;`;
}

function whereTableExists(table: string, statement: string): string {
  return `DO $$ BEGIN IF to_regclass('public.${table}') IS NOT NULL THEN ${statement}; END IF; END $$;`;
}
