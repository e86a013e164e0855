import type { MaskedColumns } from '../../../lib/model/delivery';

const PEOPLE = `
  create table schema_migrations (name text);
  create table people (id bigint generated always as identity primary key, name text not null unique, boss bigint references people);
  create table visits (id bigserial primary key, person bigint not null references people, day date);`;
export const PEOPLE_MASKED: MaskedColumns = { people: { name: 'name' }, schema_migrations: { name: 'keep' } };
export const PRODUCTION = `${PEOPLE}
  insert into schema_migrations values ('of production');
  insert into people (name, boss) select 'Somebody ' || n, nullif(n / 2, 0) from generate_series(1, 500) n;
  insert into visits (person, day) select 1 + n % 500, '2026-01-01'::date + n % 300 from generate_series(1, 5000) n;`;
export const STAGING = `${PEOPLE}
  insert into schema_migrations values ('of staging');
  insert into people (name) values ('Tess Ting');
  insert into visits (person) values (1);`;
