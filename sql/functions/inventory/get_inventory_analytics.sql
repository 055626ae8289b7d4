-- Every day of a period, also those on which nothing moved.
create or replace function inventory.get_inventory_analytics(
    p_skus text[],
    p_from date,
    p_to date
)
returns table (
    sku text, day date, opening bigint, received bigint, sold bigint, returned bigint,
    adjusted bigint, transferred bigint, closing bigint, stockout_minutes integer,
    turnover numeric
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now constant timestamp := statement_timestamp() at time zone 'UTC';
begin
    if p_skus is null or cardinality(p_skus) > 1000 or p_from is null or p_to is null
    or not isfinite(p_from) or not isfinite(p_to) or p_to - p_from not between 0 and 365 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_skus, p_from or p_to',
            'expected', 'at most 1000 SKUs and 366 days; not null'
        ));
    end if;
    return query
    select
        v.sku, d.day,
        coalesce(t.opening, l.closing), coalesce(t.received, 0), coalesce(t.sold, 0),
        coalesce(t.returned, 0), coalesce(t.adjusted, 0), coalesce(t.transferred, 0),
        l.closing,
        greatest(0, case
            when t.day is not null then t.stockout_minutes
            when l.sellable_closing = 0 then 1440
            else 0
        end - case
            -- The day is not over yet.
            when d.day = v_now::date and l.sellable_closing = 0
            then ceil(extract(epoch from d.day + 1 - v_now) / 60)::integer
            else 0
        end),
        coalesce(t.turnover, 0)
    from product.variants as v
    cross join lateral (
        select p_from + g as day
        from generate_series(0, least(p_to, v_now::date) - p_from) as g
    ) as d
    cross join lateral (
        select a.day, a.closing, a.sellable_closing
        from inventory.inventory_analytics as a
        where a.variant_id = v.variant_id and a.day <= d.day
        order by a.day desc
        limit 1
    ) as l
    -- One row each: joined as a whole, the table might be read from end to end.
    left join lateral (
        select a.*
        from inventory.inventory_analytics as a
        where a.variant_id = v.variant_id and a.day = d.day
        limit 1
    ) as t on true
    where v.sku = any (p_skus)
    order by v.sku, d.day;
end;
$function$;

comment on function inventory.get_inventory_analytics(text[], date, date) is
'What came, went and was there of up to 1,000 SKUs over all locations, for each day (in UTC) of at
most 366, up to today, as inventory.rebuild_analytics last found it. stockout_minutes is how long
nothing sellable was on hand, turnover the units sold divided by the mean of opening and closing.
No row for the days before a SKU first moved. Errors: INVALID_ARGUMENT. Replica: yes.';
grant execute on function inventory.get_inventory_analytics(text[], date, date)
to inventory_editor;
