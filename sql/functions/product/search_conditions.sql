-- The condition of a search on a document called d, $1 being its words. The values are in the text,
-- so that each search is planned for what it looks for.
create or replace function product.search_conditions(p_filters jsonb, p_has_words boolean)
returns text
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select concat_ws(
    ' and ',
    'd.is_listed',
    case when p_has_words then 'd.words @@ $1' end,
    case
        when p_filters ? 'all'
            then format(
                'd.marks @> %L::text[]',
                array(select a.value from jsonb_array_elements_text(p_filters -> 'all') as a)
            )
    end,
    (
        select
            string_agg(
                format(
                    'd.marks && %L::text[]',
                    array(select m.value from jsonb_array_elements_text(a.value) as m)
                ),
                ' and '
            )
        from jsonb_array_elements(p_filters -> 'any') as a
    ),
    case
        when p_filters ? 'rating' then format('d.rating >= %L::numeric', p_filters ->> 'rating')
    end
);
$function$;

comment on function product.search_conditions(jsonb, boolean) is
'The text of a condition on product.search_documents as d, for what product.search_filters gave.';
