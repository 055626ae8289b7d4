-- Change the prices of thousands of SKUs; each item by itself succeeds or is refused and listed.
--
-- Set-based, and everything that can be wrong with an item is found before the first write.
-- Variants are locked in the order of their SKUs, as product.import_products does.
create or replace function product.bulk_update_prices(
    p_items jsonb,
    p_price_list text default 'base',
    p_idempotency_key text default null
)
returns table (
    item integer, sku text, outcome text, price_id bigint, price numeric, version bigint,
    error text, detail jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- The plans of a first, large change are made while the tables are empty, and are kept.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'product.bulk_update_prices';
    v_response jsonb;
    v_price_list_id bigint;
    v_now timestamptz;
    v_rows jsonb;
    v_refused jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'items', p_items, 'price_list', p_price_list
    ));
    if v_response is null then
        perform core.check_item_count(p_items, core.rule('bulk_items_max'));
        v_price_list_id := product.find_price_list(p_price_list);
        perform
        from product.variants as v
        where v.sku in (
            select i.element ->> 'sku'
            from jsonb_array_elements(p_items) as i (element)
            where jsonb_typeof(i.element) = 'object'
        )
        order by v.sku
        for no key update;
        v_now := clock_timestamp();

        with problems as (
            select distinct on (p.item) p.item, p.field, p.expected
            from core.item_problems(p_items, '{
                "sku": "text", "currency": "text", "price": "amount",
                "min_quantity?": "positive", "expected_version?": "version"
            }') as p
            order by p.item, p.field
        ),
        elements as (
            select
                i.ordinality::integer as item, p.item is not null as is_malformed,
                jsonb_build_object('field', p.field, 'expected', p.expected) as problem,
                case when p.item is null then i.value end as element,
                case when jsonb_typeof(i.value) = 'object' then i.value ->> 'sku' end as sku
            from jsonb_array_elements(p_items) with ordinality as i
            left join problems as p on p.item = i.ordinality
        ),
        currencies as materialized (
            select m.code, m.exponent, core.rule('price_max', m.code) as max_amount
            from (select distinct e.element ->> 'currency' as code from elements as e) as d
            inner join core.currencies as m on m.code = d.code
        ),
        resolved as (
            select
                e.item, e.sku, e.is_malformed, e.problem, v.variant_id,
                e.element ->> 'currency' as currency, k.exponent, k.max_amount,
                (e.element ->> 'price')::numeric as price,
                coalesce((e.element ->> 'min_quantity')::integer, 1) as min_quantity,
                (e.element ->> 'expected_version')::bigint as expected_version
            from elements as e
            left join lateral (
                select s.variant_id from product.variants as s where s.sku = e.sku limit 1
            ) as v on true
            left join currencies as k on k.code = e.element ->> 'currency'
        ),
        judged as (
            select
                r.*,
                case
                    when r.is_malformed then array['INVALID_ARGUMENT', r.problem::text]
                    when r.variant_id is null
                        then array['PRODUCT_NOT_FOUND', jsonb_build_object('sku', r.sku)::text]
                    when r.exponent is null
                        then array['CURRENCY_NOT_FOUND', jsonb_build_object(
                            'currency', r.currency
                        )::text]
                    when r.price <= 0 or r.price > r.max_amount
                        then array['PRICE_OUT_OF_RANGE', jsonb_build_object(
                            'price', r.price, 'currency', r.currency, 'max', r.max_amount
                        )::text]
                    when r.price <> round(r.price, r.exponent)
                        then array['INVALID_ARGUMENT', jsonb_build_object(
                            'field', 'price', 'expected', 'at most ' || r.exponent || ' decimals'
                        )::text]
                    when row_number() over (
                        partition by r.sku, r.currency, r.min_quantity, r.is_malformed
                        order by r.item
                    ) > 1
                        then array['INVALID_ARGUMENT', jsonb_build_object(
                            'field', 'sku',
                            'expected', 'each SKU, currency and quantity once in a call'
                        )::text]
                    when r.expected_version <> x.version
                        then array['CONCURRENT_MODIFICATION', jsonb_build_object(
                            'expected_version', r.expected_version, 'version', x.version
                        )::text]
                end as refusal
            from resolved as r
            cross join lateral (
                select coalesce(max(o.version), 0) as version
                from product.prices as o
                where o.variant_id = r.variant_id
                and o.currency = r.currency
                and o.price_list_id = v_price_list_id
                and o.min_quantity = r.min_quantity
                and o.validity @> v_now
            ) as x
        )
        select
            coalesce(jsonb_agg(to_jsonb(j) - 'refusal' order by j.item) filter (
                where j.refusal is null
            ), '[]'),
            coalesce(jsonb_agg(jsonb_build_object(
                'item', j.item, 'sku', j.sku, 'outcome', 'refused', 'error', j.refusal[1],
                'detail', j.refusal[2]::jsonb
            )) filter (where j.refusal is not null), '[]')
        into v_rows, v_refused
        from judged as j;

        -- New prices and changed ones each come to the documents in a way of their own.
        perform product.lock_search_documents(array(
            select v.product_id
            from jsonb_to_recordset(v_rows) as r (variant_id bigint)
            cross join lateral (
                select s.product_id
                from product.variants as s
                where s.variant_id = r.variant_id
                limit 1
            ) as v
        ));

        with written as (
            select
                r.items[w.line] as item, r.skus[w.line] as sku,
                case when w.is_changed then 'set' else 'unchanged' end as outcome,
                w.price_id, w.amount as price, w.version
            from (
                select
                    array_agg(a.item order by a.item) as items,
                    array_agg(a.sku order by a.item) as skus,
                    array_agg(a.variant_id order by a.item) as variant_ids,
                    array_agg(a.currency order by a.item) as currencies,
                    array_agg(a.min_quantity order by a.item) as min_quantities,
                    array_agg(a.price order by a.item) as prices,
                    array_agg(coalesce(a.max_amount, a.price) order by a.item) as max_amounts
                from jsonb_to_recordset(v_rows) as a (
                    item integer, sku text, variant_id bigint, currency text,
                    min_quantity integer, price numeric, max_amount numeric
                )
            ) as r
            cross join lateral product.write_prices(
                r.variant_ids, r.currencies,
                array_fill(v_price_list_id, array[cardinality(r.variant_ids)]),
                r.min_quantities, r.prices, r.max_amounts
            ) as w
            where r.variant_ids is not null
        ),
        answers as (
            select w.item, to_jsonb(w) as answer from written as w
            union all
            select (f.answer ->> 'item')::integer, f.answer
            from jsonb_array_elements(v_refused) as f (answer)
        )
        select jsonb_agg(a.answer order by a.item) into v_response from answers as a;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        item integer, sku text, outcome text, price_id bigint, price numeric, version bigint,
        error text, detail jsonb
    );
end;
$function$;

comment on function product.bulk_update_prices(jsonb, text, text) is
'Sets the prices of 1 to 10,000 SKUs in a price list, from now until the next scheduled one begins:
objects {"sku", "currency", "price", "min_quantity", "expected_version"}, the last two optional (a
tier begins at 1 unit; version 0 means that no price is in force). Returns a row an item: outcome
set, unchanged or refused, with error and detail; a refused item harms no other. Errors of the call:
PRICE_LIST_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED; of an item: PRODUCT_NOT_FOUND,
CURRENCY_NOT_FOUND, PRICE_OUT_OF_RANGE, CONCURRENT_MODIFICATION, INVALID_ARGUMENT. Replica: no
(writes).';
grant execute on function product.bulk_update_prices(jsonb, text, text) to product_editor;
