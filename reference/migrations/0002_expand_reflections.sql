create table reflections (
  id uuid primary key,
  account text not null references accounts (name),
  text text not null,
  created_at timestamptz not null default now()
);

create table outbox (
  id bigint generated always as identity primary key,
  event_id uuid not null unique,
  account text not null,
  release text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  dispatched_at timestamptz
);

create index outbox_waiting on outbox (id) where dispatched_at is null;
