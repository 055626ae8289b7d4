-- What has to follow every change of prices: their history, and the event. The caller holds the
-- locks of the variants.
create or replace function product.record_prices(p_variant_ids bigint[], p_price_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if coalesce(cardinality(p_price_ids), 0) = 0 then
        return;
    end if;
    insert into product.price_history (
        variant_id, price_id, version, amount, validity, changed_by
    )
    select x.variant_id, x.price_id, x.version, x.amount, x.validity, x.updated_by
    from unnest(p_variant_ids, p_price_ids) as c (variant_id, price_id)
    -- One row a turn, by the primary key: a plan kept since the tables were empty scans them.
    cross join lateral (
        select r.variant_id, r.price_id, r.version, r.amount, r.validity, r.updated_by
        from product.prices as r
        where r.variant_id = c.variant_id and r.price_id = c.price_id
        limit 1
    ) as x;

    perform events.emit(
        'price.updated', 'variant', array_agg(x.variant_id order by x.variant_id, x.price_id), null,
        array_agg(
            jsonb_build_object(
                'variant_id', x.variant_id, 'price_id', x.price_id, 'price_list', x.code,
                'currency', x.currency, 'min_quantity', x.min_quantity, 'amount', x.amount,
                'valid_from', lower(x.validity), 'valid_until', upper(x.validity),
                'is_withdrawn', isempty(x.validity), 'version', x.version
            )
            order by x.variant_id, x.price_id
        )
    )
    from unnest(p_variant_ids, p_price_ids) as c (variant_id, price_id)
    cross join lateral (
        select
            r.variant_id, r.price_id, r.currency, r.min_quantity, r.amount, r.validity, r.version,
            l.code
        from product.prices as r
        inner join product.price_lists as l on l.price_list_id = r.price_list_id
        where r.variant_id = c.variant_id and r.price_id = c.price_id
        limit 1
    ) as x;
end;
$function$;

comment on function product.record_prices(bigint[], bigint[]) is
'Writes the history and the events of prices as they are now, each named by its variant and key.';
