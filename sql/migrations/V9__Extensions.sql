-- Extensions: trigrams, unaccented words, and equality inside a GiST index.
--
-- All are trusted: the owner of the database may create them without superuser, the owner of the
-- functions may not. Those that are here already, in whatever schema, are used where they are; a
-- function that needs to name what is in one asks core.extension_schema(). Their functions stay
-- executable by everybody, as nobody but a superuser could change that; but only the owner of the
-- functions may use the schema.

set local role shop_owner;
set local role none;

create schema if not exists ext authorization shop_owner;

-- A note of ours stays away from a schema of somebody else's.
do $comment$
begin
    if pg_catalog.pg_has_role(
        (
            select n.nspowner
            from pg_catalog.pg_namespace as n
            where n.nspname = 'ext'
        ),
        'USAGE'
    ) then
        comment on schema ext is 'Extensions of PostgreSQL that the functions use.';
    end if;
end;
$comment$;

create extension if not exists pg_trgm with schema ext;
create extension if not exists unaccent with schema ext;
create extension if not exists btree_gist with schema ext;
