create table imports (
  id uuid primary key,
  account text not null references accounts (name),
  row_count int not null check (row_count between 1 and 10000),
  queue text not null,
  state text not null default 'waiting' check (state in ('waiting', 'active', 'done', 'failed')),
  percent int not null default 0 check (percent between 0 and 100),
  release text,
  summary jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index imports_waiting on imports (created_at) where state = 'waiting';

create table imported_rows (
  import_id uuid not null references imports (id),
  number int not null,
  price numeric(12, 4) not null,
  primary key (import_id, number)
);

create table dead_letters (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  queue text not null,
  job_id text not null,
  release text not null,
  reason text not null
);
