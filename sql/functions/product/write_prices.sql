-- Set the prices that are in force now, thousands in one statement: product.set_price,
-- product.bulk_update_prices and product.import_products end here.
--
-- The caller holds the locks of the variants, has checked the amounts, and names each price once.
-- A price that is in force gets the new amount and keeps its time. Where none is in force, a new
-- one begins now (at the beginning of time, where there never was one) and ends where the next
-- scheduled one begins.
create or replace function product.write_prices(
    p_variant_ids bigint[],
    p_currencies text[],
    p_price_list_ids bigint[],
    p_min_quantities integer[],
    p_amounts numeric[],
    p_max_amounts numeric[]
)
returns table (line integer, price_id bigint, amount numeric, version bigint, is_changed boolean)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
-- The plans of a first, large import are made while the tables are empty, and are kept.
set enable_seqscan = off
as $function$
declare
    v_now constant timestamptz := clock_timestamp();
    v_written_variants bigint[];
    v_written_prices bigint[];
begin
    with wanted as materialized (
        select
            i.line::integer as line, i.variant_id, i.currency, i.price_list_id, i.min_quantity,
            i.amount, i.max_amount, x.price_id, x.is_in_force, x.is_known, x.next_from
        from unnest(
            p_variant_ids, p_currencies, p_price_list_ids, p_min_quantities, p_amounts,
            p_max_amounts
        ) with ordinality as i (
            variant_id, currency, price_list_id, min_quantity, amount, max_amount, line
        )
        cross join lateral (
            select
                min(r.price_id) filter (where r.validity @> v_now) as price_id,
                coalesce(bool_or(r.validity @> v_now), false) as is_in_force,
                coalesce(bool_or(r.validity && tstzrange(null, v_now)), false) as is_known,
                min(lower(r.validity)) filter (where lower(r.validity) > v_now) as next_from
            from product.prices as r
            where r.variant_id = i.variant_id
            and r.currency = i.currency
            and r.price_list_id = i.price_list_id
            and r.min_quantity = i.min_quantity
        ) as x
    ),
    updated as (
        update product.prices as r
        set
            amount = w.amount,
            max_amount = w.max_amount,
            version = r.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        from wanted as w
        where r.variant_id = w.variant_id and r.price_id = w.price_id and r.amount <> w.amount
        returning r.variant_id, r.price_id
    ),
    inserted as (
        insert into product.prices as r (
            variant_id, currency, price_list_id, min_quantity, amount, max_amount, validity,
            updated_by
        )
        select
            w.variant_id, w.currency, w.price_list_id, w.min_quantity, w.amount, w.max_amount,
            tstzrange(case when w.is_known then v_now end, w.next_from), core.actor()
        from wanted as w
        where not w.is_in_force
        order by w.variant_id, w.line
        returning r.variant_id, r.price_id
    ),
    written as (
        select u.variant_id, u.price_id from updated as u
        union all
        select n.variant_id, n.price_id from inserted as n
    )
    select array_agg(n.variant_id), array_agg(n.price_id)
    into v_written_variants, v_written_prices
    from written as n;

    perform product.record_prices(v_written_variants, v_written_prices);

    return query
    select
        i.line::integer, x.price_id, x.amount::numeric, x.version, c.price_id is not null
    from unnest(
        p_variant_ids, p_currencies, p_price_list_ids, p_min_quantities
    ) with ordinality as i (variant_id, currency, price_list_id, min_quantity, line)
    cross join lateral (
        select r.price_id, r.amount, r.version
        from product.prices as r
        where r.variant_id = i.variant_id
        and r.currency = i.currency
        and r.price_list_id = i.price_list_id
        and r.min_quantity = i.min_quantity
        and r.validity @> v_now
        limit 1
    ) as x
    left join unnest(v_written_variants, v_written_prices) as c (variant_id, price_id)
    on c.variant_id = i.variant_id and c.price_id = x.price_id;
exception
    when exclusion_violation then
        -- Under the variants' locks only a snapshot that is older than them can miss a price.
        perform core.refuse('40001', '{}');
end;
$function$;

comment on function
product.write_prices(bigint[], text[], bigint[], integer[], numeric[], numeric[]) is
'Sets prices that are in force now, each named by variant, currency, price list and the quantity
that its tier begins at; writes history and events of those that change. Returns a row an element.';
