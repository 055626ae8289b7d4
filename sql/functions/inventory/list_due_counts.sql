-- What is to be counted next: never counted before long ago.
--
-- By category, in the order of its index, so that a shop with a million stock rows reads only those
-- that are due.
create or replace function inventory.list_due_counts(
    p_location text default null, p_limit integer default 100
)
returns table (
    sku text, location text, category text, abc_class text, on_hand integer,
    counted_at timestamptz, due_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_location_id bigint;
begin
    if p_limit is null or p_limit not between 1 and 10000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of rows from 1 to 10000'
        ));
    end if;
    if p_location is not null then
        v_location_id := inventory.find_location(p_location);
    end if;
    return query
    select
        v.sku, l.code, d.category, d.abc_class, d.on_hand, d.counted_at,
        d.counted_at + make_interval(days => d.count_every_days)
    from (
        select c.code as category, c.abc_class, c.count_every_days, i.*
        from inventory.inventory_categories as c
        cross join lateral (
            (
                select n.variant_id, n.location_id, n.on_hand, n.counted_at
                from inventory.inventory as n
                where n.category_id = c.category_id and n.counted_at is null
                and (v_location_id is null or n.location_id = v_location_id)
                -- All are null: this says that the index is to be read, however many are wanted.
                order by n.counted_at
                limit p_limit
            )
            union all
            (
                select o.variant_id, o.location_id, o.on_hand, o.counted_at
                from inventory.inventory as o
                where o.category_id = c.category_id
                and o.counted_at <= statement_timestamp()
                - make_interval(days => c.count_every_days)
                and (v_location_id is null or o.location_id = v_location_id)
                order by o.counted_at
                limit p_limit
            )
        ) as i
    ) as d
    inner join product.variants as v on v.variant_id = d.variant_id
    inner join inventory.locations as l on l.location_id = d.location_id
    order by
        d.abc_class, d.counted_at + make_interval(days => d.count_every_days) nulls first, v.sku,
        l.code
    limit p_limit;
end;
$function$;

comment on function inventory.list_due_counts(text, integer) is
'Stock whose category says that it is due for a count, at one location or all, class A first, then
what has waited longest; at most p_limit (1 to 10,000) rows. due_at is null for what was never
counted. Stock without a category is never due. Errors: LOCATION_NOT_FOUND, INVALID_ARGUMENT.
Replica: yes.';
grant execute on function inventory.list_due_counts(text, integer) to inventory_editor;
