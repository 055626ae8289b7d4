-- What the files of this folder begin with: each calls what it needs.
-- The functions may name tables that a file makes later.
set local check_function_bodies = off;

-- The user in pg_temp.ann, and her addresses where a file has given her two.
create function pg_temp.ann()
returns bigint
language sql
as 'select a.user_id from pg_temp.ann as a';
create function pg_temp.home()
returns bigint
language sql
as 'select h.address_id from pg_temp.home as h';
create function pg_temp.work()
returns bigint
language sql
as 'select w.address_id from pg_temp.work as w';
-- What is accepted as an address, and as the hash of a password.
create function pg_temp.address()
returns jsonb
language sql
as $$
select '{"recipient": "Ann", "line1": "1 High Street", "city": "London", "country": "GB"}'::jsonb
$$;
create function pg_temp.hash()
returns text
language sql
as $$select '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGhhc2hoYXNo'$$;

set local check_function_bodies = on;
