import type { MaskedColumns } from '../../../lib/model/delivery';

/** Tables of people with every kind of column. */
export const PEOPLE = `
create table people (
  id bigint generated always as identity primary key,
  name varchar(40) not null unique,
  email varchar(60) not null,
  phone text,
  national_id bigint unique,
  born date,
  seen_at timestamptz,
  address inet,
  avatar uuid,
  password text,
  notes text,
  aliases text[],
  profile jsonb,
  shade text generated always as (upper(left(name, 1))) stored,
  check (email like '%@%')
);
create unique index people_email on people (lower(email));
create table letters (
  id int primary key,
  writer varchar(40) not null references people (name) on update cascade on delete cascade,
  body text not null
);
create table stamps (name varchar(20) not null, price int not null);
create function forbid() returns trigger language plpgsql as $$ begin raise exception 'frozen'; end $$;
create trigger frozen before update on letters for each row execute function forbid();
create materialized view writers as select writer, count(*) from letters group by writer;
`;

export const ROWS = `
insert into people (name, email, phone, national_id, born, seen_at, address, avatar, password, notes, aliases, profile)
select 'Person Number ' || n, 'person' || n || '@example.com', '+62 812-' || (100000 + n), 317000000000 + n,
  date '1950-01-01' + (n * 37) % 20000, timestamptz '2026-01-01' + n * interval '7 hours', ('192.168.' || n / 250 || '.' || n % 250)::inet,
  gen_random_uuid(), 'scrypt$' || md5(n::text), case when n % 3 = 0 then 'Called on day ' || n end,
  array['Nick' || n, 'Other Nick ' || n], jsonb_build_object('city', 'Town of ' || n, 'age', 20 + n % 50, 'tags', jsonb_build_array('tag for ' || n), 'ok', true)
from generate_series(1, 120) n;
insert into letters select n, 'Person Number ' || (1 + n % 120), 'Dear Person Number ' || n || ', hello' from generate_series(1, 360) n;
insert into stamps select 'Stamp ' || n, n from generate_series(1, 10) n;
refresh materialized view writers;
`;

export const MASKED: MaskedColumns = {
  people: {
    ...{ name: 'name', email: 'email', phone: 'digits', national_id: 'digits', born: 'date', seen_at: 'date' },
    ...{ address: 'ip', avatar: 'uuid', password: 'secret', notes: 'text', aliases: 'text', profile: 'json' },
  },
  letters: { writer: 'name', body: 'text' },
  stamps: { name: 'keep' },
};
