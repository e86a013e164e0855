create table accounts (
  name text primary key,
  password text not null,
  role text not null default 'user' check (role in ('user', 'probe')),
  created_at timestamptz not null default now()
);

create table idempotent_answers (
  account text not null,
  key text not null,
  request_hash text not null,
  status int not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (account, key)
);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  account text not null,
  action text not null,
  subject text not null,
  release text not null
);
