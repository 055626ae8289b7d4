create or replace function product.search_configuration(p_language text)
returns regconfig
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select coalesce(
    (
        select ('product.' || quote_ident(l.configuration))::regconfig
        from product.search_languages as l
        where l.language = p_language
    ),
    'product.simple'::regconfig
);
$function$;

comment on function product.search_configuration(text) is
'The text search configuration of a language; one that only unaccents for those that have none.';
