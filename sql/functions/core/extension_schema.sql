-- Where an extension lives: in ext, or where it was before this shop came.
create or replace function core.extension_schema(p_extension text)
returns text
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
    select n.nspname::text
    from pg_catalog.pg_extension as e
    inner join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
    where e.extname = p_extension
$function$;

comment on function core.extension_schema(text) is
'The schema of an installed extension, for statements that are built; null where it is missing.';
