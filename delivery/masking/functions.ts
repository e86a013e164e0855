import { createHash } from 'node:crypto';

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

/**
 * Settings from which the functions below make their keyed hashes: the two keys of an HMAC-SHA-256 (RFC 2104), in hexadecimal, so
 * that no extension of PostgreSQL is needed.
 */
export function hashKeys(key: Buffer): { readonly inner: string; readonly outer: string } {
  const short = key.length > BLOCK ? createHash('sha256').update(key).digest() : key;
  const padded = Buffer.concat([short, Buffer.alloc(BLOCK - short.length)]);
  const mixed = (byte: number) => Buffer.from(padded.map((value) => value ^ byte)).toString('hex');
  return { inner: mixed(0x36), outer: mixed(0x5c) };
}

/** Fewest letters and digits that say anything of a person; what has fewer is starred out. */
export const LEAST_TELLING = 3;

/** SQL for what is left of a text without its blanks and signs. Letters of every script count, whatever the database's locale calls one. */
export function telling(text: string): string {
  return `regexp_replace(${text}, '[\\x01-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7f]', '', 'g')`;
}

/** SQL for whether a key of an object is a field's name, such as a program chooses; any other is somebody's data. */
export function isName(key: string): string {
  return `(${key} ~ '^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$' and ${key} !~ '[0-9]{4}')`;
}

/** Lengths that masks must keep to, and whether equal masks of different values would break a column. */
export interface Shape {
  /** Most characters of a made-up name or an address: the narrowest column of the kind decides for all. */
  readonly most: number;
  readonly unique: boolean;
}

export interface Shapes {
  readonly name: Shape;
  readonly email: Shape;
  readonly secret: Shape;
  /** Kinds that keep a value's own shape, and of which no two masks may be alike. */
  readonly apart: readonly ('text' | 'digits')[];
}

/** Characters that keep masks of different values apart: 10 of 32 are 50 bits. */
const TAIL = 10;
/** A mask that somebody else had, or has by now where masks must differ, is made anew; where there is no room, the proof fails. */
const MOST_ATTEMPTS = 10;
const DOMAIN = '@masked.invalid';
/** The hash of a value, computed once however often it is looked at. */
const ONCE = '(select pg_temp.mask_hash(kind, value) as hash offset 0) h';

/** Functions that live as long as the session. Each gives nothing for nothing, and the same for the same. */
export function maskFunctions({ name, email, secret, apart }: Shapes): string {
  return `
create or replace function pg_temp.mask_hash(kind text, value text) returns bytea language sql immutable strict as $$
  select sha256(decode(current_setting('masking.outer'), 'hex')
    || sha256(decode(current_setting('masking.inner'), 'hex') || convert_to(kind || ':' || value, 'UTF8'))) $$;

create or replace function pg_temp.mask_number(kind text, value text, below bigint) returns bigint language sql immutable strict as $$
  select abs(('x' || encode(substr(pg_temp.mask_hash(kind, value), 1, 8), 'hex'))::bit(64)::bigint >> 1) % below $$;

create or replace function pg_temp.mask_tail(kind text, value text, length int) returns text language sql immutable strict as $$
  select string_agg(substr('abcdefghijkmnpqrstuvwxyz23456789', 1 + get_byte(hash, i) % 32, 1), '' order by i)
  from ${ONCE}, generate_series(0, length - 1) i $$;

create or replace function pg_temp.mask_words(kind text, value text) returns text language sql immutable strict as $$
  select string_agg(case when i in (0, 2) then initcap(syllable) else syllable end || case when i = 1 then ' ' else '' end, '' order by i)
  from ${ONCE}, generate_series(0, 3) i, lateral (
    select substr('bacadafagahakalamanaparasatavazabecedefegehekelemeneperesetevezebicidifigihikiliminipirisitivizi',
      1 + 2 * (get_byte(hash, 20 + i) % 48), 2) || substr('nrlst', 1 + get_byte(hash, 26 + i) % 5, 1)) s (syllable) $$;

create or replace function pg_temp.mask_name(value text) returns text language sql immutable strict as $$
  select ${withTail('name', name, `pg_temp.mask_words('name', value)`)} $$;

create or replace function pg_temp.mask_email(value text) returns text language sql immutable strict as $$
  select pg_temp.mask_tail('email', lower(value), ${Math.min(20, email.most - DOMAIN.length)}) || '${DOMAIN}' $$;

create or replace function pg_temp.mask_secret(value text) returns text language sql immutable strict as $$
  select left('!' || encode(pg_temp.mask_hash('secret', value), 'hex'), ${secret.most}) $$;

create or replace function pg_temp.mask_uuid(value uuid) returns uuid language sql immutable strict as $$
  select overlay(overlay(encode(substr(pg_temp.mask_hash('uuid', value::text), 1, 16), 'hex') placing '4' from 13) placing 'a' from 17)::uuid $$;

create or replace function pg_temp.mask_ip(value inet) returns inet language sql immutable strict as $$
  select set_masklen(case family(value)
    when 4 then '10.0.0.0'::inet + pg_temp.mask_number('ip', host(value), 16777216)
    else 'fd00::'::inet + pg_temp.mask_number('ip', host(value), 4611686018427387904) end, masklen(value)) $$;

create or replace function pg_temp.mask_date(value date) returns date language sql immutable strict as $$
  select case when isfinite(value) then make_date(extract(year from value)::int, 1, 1)
    + ((extract(doy from value)::int + pg_temp.mask_number('date', value::text, 363)::int) % 364) else value end $$;

create or replace function pg_temp.mask_time(value timestamp) returns timestamp language sql immutable strict as $$
  select case when isfinite(value)
    then pg_temp.mask_date(value::date) + make_interval(secs => pg_temp.mask_number('time', value::text, 86400)) else value end $$;

create or replace function pg_temp.mask_print(value text) returns bytea language sql immutable strict as $$
  select sha256(convert_to(value, 'UTF8')) $$;

create or replace function pg_temp.mask_is_original(value text) returns boolean language sql stable strict as $$
  select exists (select from pg_temp.originals o where o.print = pg_temp.mask_print(value)) $$;

create or replace function pg_temp.mask_is_taken(kind text, masked text, value text) returns boolean language plpgsql volatile strict as $$
begin
  if pg_temp.mask_is_original(masked) then return true; end if;
  if kind <> all ('{${apart.join()}}') then return false; end if;
  insert into pg_temp.given values (kind, pg_temp.mask_print(masked), pg_temp.mask_print(value)) on conflict do nothing;
  return not exists (select from pg_temp.given g where g.kind = mask_is_taken.kind
    and g.mask = pg_temp.mask_print(masked) and g.original = pg_temp.mask_print(value));
end $$;

create or replace function pg_temp.mask_whole(value bigint, most bigint) returns bigint language plpgsql volatile strict as $$
declare
  digits int := length(abs(value)::text);
  low bigint := (10 ^ (digits - 1))::numeric::bigint;
  high bigint := case when digits > 18 then most else least((10 ^ digits)::numeric::bigint - 1, most) end;
  masked bigint;
begin
  for attempt in 1 .. ${MOST_ATTEMPTS} loop
    masked := sign(value)::bigint * (low + pg_temp.mask_number('digits', attempt || ':' || value, high - low + 1));
    exit when not pg_temp.mask_is_taken('digits', masked::text, value::text);
  end loop;
  return masked;
end $$;

create or replace function pg_temp.mask_shape(seed bytea, value text, telling int) returns text language sql immutable strict as $$
  with symbols as (select symbol, (i - 1)::int as i from string_to_table(value, null) with ordinality as s (symbol, i)),
    blocks as materialized (select b, sha256(seed || int4send(b)) as hash from generate_series(0, (length(value) - 1) / 32) b)
  select coalesce(string_agg(case
      when ${telling('symbol')} = '' then symbol
      -- So few cannot be told from somebody else's.
      when telling < ${LEAST_TELLING} then '*'
      when symbol ~ '[0-9]' then (get_byte(hash, i % 32) % 10)::text
      when symbol ~ '[A-Z]' collate "C" then chr(65 + get_byte(hash, i % 32) % 26)
      else chr(97 + get_byte(hash, i % 32) % 26) end, '' order by i), '')
  from symbols join blocks on b = i / 32 $$;

create or replace function pg_temp.mask_characters(kind text, value text) returns text language plpgsql volatile strict as $$
declare
  seed bytea := pg_temp.mask_hash(kind, value);
  telling int := length(${telling('value')});
  masked text;
begin
  for attempt in 1 .. ${MOST_ATTEMPTS} loop
    masked := pg_temp.mask_shape(seed, value, telling);
    exit when telling < ${LEAST_TELLING} or not pg_temp.mask_is_taken(kind, masked, value);
    seed := sha256(seed);
  end loop;
  return masked;
end $$;

create or replace function pg_temp.mask_text(value text) returns text language sql volatile strict as $$
  select pg_temp.mask_characters('text', value) $$;

create or replace function pg_temp.mask_digits(value text) returns text language sql volatile strict as $$
  select pg_temp.mask_characters('digits', value) $$;

create or replace function pg_temp.mask_key(value text) returns text language sql volatile strict as $$
  select case when ${isName('value')} and not pg_temp.mask_is_original(value) then value else pg_temp.mask_text(value) end $$;

create or replace function pg_temp.mask_json(value jsonb) returns jsonb language plpgsql volatile strict as $$
begin
  return case jsonb_typeof(value)
    when 'object' then (select coalesce(jsonb_object_agg(pg_temp.mask_key(key), pg_temp.mask_json(part)), '{}') from jsonb_each(value) as e (key, part))
    when 'array' then (select coalesce(jsonb_agg(pg_temp.mask_json(part) order by i), '[]')
      from jsonb_array_elements(value) with ordinality as e (part, i))
    when 'string' then to_jsonb(pg_temp.mask_text(value #>> '{}'))
    when 'number' then pg_temp.mask_digits(value #>> '{}')::jsonb
    else value end;
exception when invalid_text_representation then
  return to_jsonb(pg_temp.mask_number('digits', value::text, 1000));
end $$;`;
}

/** Words cut to what fits, and behind them what tells them apart. */
function withTail(kind: string, { most, unique }: Shape, words: string): string {
  if (!unique) return `left(${words}, ${most})`;
  const room = most - TAIL - 1;
  const tail = `pg_temp.mask_tail('${kind}', value, ${Math.min(TAIL, most)})`;
  return room < 3 ? tail : `left(${words}, ${room}) || ' ' || ${tail}`;
}
