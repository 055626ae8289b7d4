create or replace function product.search_after(
    p_columns text,
    p_types text[],
    p_direction text,
    p_key jsonb
)
returns text
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
return case
    when p_key is null then 'true'
    else format(
        '(%s) %s (%s)', p_columns, case p_direction when 'asc' then '>' else '<' end,
        (
            select
                string_agg(
                    format('%L::%s', p_key ->> (t.place::integer - 1), t.type), ', '
                    order by t.place
                )
            from unnest(p_types) with ordinality as t (type, place)
        )
    )
end;

comment on function product.search_after(text, text[], text, jsonb) is
'The text of a condition: columns come after the values of a key in an order; true without a key.';
