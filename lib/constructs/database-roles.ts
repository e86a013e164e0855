/** Roles of a database: what each may do, and how it signs in. */
export const DATABASE_ROLES = {
  app_rw: 'password',
  migrator: 'password',
  app_ro: 'token',
  probe: 'token',
  backup_verify: 'token',
} as const;

export type DatabaseRole = keyof typeof DATABASE_ROLES;

const names = Object.keys(DATABASE_ROLES) as DatabaseRole[];
export const ROLES_WITH_PASSWORD = names.filter((role) => DATABASE_ROLES[role] === 'password');
const withToken = names.filter((role) => DATABASE_ROLES[role] === 'token');

/**
 * SQL that makes the roles and their rights; run by the master user, again after every change here, and harmless to repeat.
 *
 * The migrator owns the schema. The application reads and writes what the migrator made, the read-only roles read it, and the probe
 * may add a row to the outbox and do nothing else. Where there is no `rds_iam`, outside RDS, roles with a token cannot sign in.
 *
 * @param password what stands for a role's password, e.g. psql's `:'app_rw'`
 */
export function rolesSql(password: (role: DatabaseRole) => string): string {
  return [
    ...names.map(makeOnce),
    ...ROLES_WITH_PASSWORD.map((role) => `ALTER ROLE ${role} LOGIN PASSWORD ${password(role)};`),
    ...withToken.map((role) => `ALTER ROLE ${role} LOGIN;`),
    whereRoleExists('rds_iam', withToken.map((role) => `GRANT rds_iam TO ${role}`).join('; ')),
    'REVOKE ALL ON SCHEMA public FROM PUBLIC;',
    'GRANT USAGE, CREATE ON SCHEMA public TO migrator;',
    `GRANT USAGE ON SCHEMA public TO ${names.filter((role) => role !== 'migrator').join(', ')};`,
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
  return `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;`;
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
