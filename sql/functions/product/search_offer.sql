-- The query for the variant of a document called d that a hit shows: the cheapest one that passes
-- every filter, at this moment. A document only promises that there may be one.
create or replace function product.search_offer(
    p_filters jsonb,
    p_currency text,
    p_customer_group text
)
returns text
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select format(
    'select v.variant_id, f.price, f.price_list, f.base_price, f.valid_until
    from product.variants as v
    left join lateral product.prices_in_force(
        array[v.variant_id], array[1], %L, %L
    ) as f on true
    where %s
    order by f.price, v.variant_id
    limit 1',
    p_currency, p_customer_group,
    concat_ws(
        ' and ',
        'v.product_id = d.product_id and v.is_active',
        case
            when p_filters ? 'price_from'
                then format('f.price >= %L::numeric', p_filters ->> 'price_from')
        end,
        case
            when p_filters ? 'price_to'
                then format('f.price <= %L::numeric', p_filters ->> 'price_to')
        end,
        (
            select
                string_agg(
                    format(
                        '(exists (
                            select
                            from jsonb_each_text(v.options) as o
                            where lower(o.key) = %1$L and lower(o.value) = any (%2$L::text[])
                        ) or exists (
                            select
                            from product.specifications as s
                            where s.product_id = v.product_id and lower(s.name) = %1$L
                            and lower(concat_ws('' '', s.value, s.unit)) = any (%2$L::text[])
                        ))',
                        a.key,
                        array(select e.value from jsonb_array_elements_text(a.value) as e)
                    ),
                    ' and '
                )
            from jsonb_each(p_filters -> 'attributes') as a
        ),
        -- By the rules of inventory.stock_levels, but it ends at the first unit.
        case
            when p_filters ? 'in_stock'
                then 'exists (
                    select
                    from inventory.inventory as i
                    inner join inventory.locations as k on k.location_id = i.location_id
                    where i.variant_id = v.variant_id
                    and k.is_active
                    and (
                        exists (
                            select
                            from inventory.stock_buckets as b
                            where b.variant_id = i.variant_id and b.location_id = i.location_id
                            and b.available > 0
                        )
                        or exists (
                            select
                            from inventory.inventory_reservations as r
                            where r.variant_id = i.variant_id and r.location_id = i.location_id
                            and r.status = ''active'' and r.open_quantity > 0
                            and r.expires_at <= statement_timestamp()
                        )
                    )
                )'
        end
    )
);
$function$;

comment on function product.search_offer(jsonb, text, text) is
'The text of a query for the cheapest variant of the document d that passes the filters that
product.search_filters gave, with its price in force; the price is null where there is none.';
