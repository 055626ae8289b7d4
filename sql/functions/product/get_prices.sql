-- What a list of things costs now, in one call.
create or replace function product.get_prices(
    p_items jsonb,
    p_currency text,
    p_customer_group text default null
)
returns table (
    item integer, sku text, quantity integer, currency text, price numeric, price_list text,
    base_price numeric, valid_until timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_skus text[];
    v_quantities integer[];
    v_variant_ids bigint[];
    v_unknown jsonb;
begin
    perform core.check_items(
        p_items, '{"sku": "text", "quantity?": "positive"}', core.rule('bulk_items_max')
    );
    perform core.check_currency(p_currency);
    -- One statement for the keys: what is no longer for sale is as unknown as what never was.
    select
        array_agg(i.value ->> 'sku' order by i.ordinality),
        array_agg(coalesce((i.value ->> 'quantity')::integer, 1) order by i.ordinality),
        array_agg(v.variant_id order by i.ordinality),
        jsonb_agg(distinct i.value ->> 'sku') filter (where v.variant_id is null)
    into v_skus, v_quantities, v_variant_ids, v_unknown
    from jsonb_array_elements(p_items) with ordinality as i
    left join lateral (
        select s.variant_id
        from product.variants as s
        inner join product.products as p on p.product_id = s.product_id
        where s.sku = i.value ->> 'sku' and s.is_active and p.status = 'active'
        limit 1
    ) as v on true;
    if v_unknown is not null then
        perform core.refuse('SHP01', jsonb_build_object('skus', v_unknown));
    end if;

    return query
    select
        i.ordinality::integer, i.sku, i.quantity, p_currency, f.price, f.price_list, f.base_price,
        f.valid_until
    from unnest(v_skus, v_quantities) with ordinality as i (sku, quantity, ordinality)
    left join product.prices_in_force(
        v_variant_ids, v_quantities, p_currency, p_customer_group
    ) as f on f.line = i.ordinality
    order by i.ordinality;
end;
$function$;

comment on function product.get_prices(jsonb, text, text) is
'What a unit of each of 1 to 10,000 items costs now: objects {"sku", "quantity"}, the quantity (1
where it is left out) choosing the tier; in a currency; for everybody, or for a customer group as
well. A row an item: the price (null where there is none), the list that it stands in, the base
price at the same quantity, and the moment until which both hold if nobody edits them (null for
good). Errors: PRODUCT_NOT_FOUND for what is not for sale, CURRENCY_NOT_FOUND, INVALID_ARGUMENT.
Replica: yes.';
grant execute on function product.get_prices(jsonb, text, text) to product_service;
