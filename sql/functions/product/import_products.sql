-- Upsert thousands of variants, with their products and base prices, and report row by row.
--
-- Set-based, so that the cost of a row does not depend on the size of the catalogue. Everything
-- that can be wrong with a row is found before the first write: a bad row then harms no other.
-- Locks: variants that are there by SKU, products that are there by key, categories by slug, then
-- search documents, new variants and prices by key, so that two imports of the same rows queue up,
-- and an import behind an editor, who locks a product before its category.
create or replace function product.import_products(
    p_items jsonb,
    p_idempotency_key text default null
)
returns table (
    item integer, sku text, outcome text, variant_id bigint, error text, detail jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.import_products';
    v_response jsonb;
    v_rows jsonb;
    v_refused jsonb;
    v_left bigint[];
    v_product_ids bigint[];
    v_locked_ids bigint[];
    v_product record;
    v_changed bigint[] := '{}';
    v_fields jsonb[] := '{}';
    v_inserted bigint[];
    v_updated bigint[];
    v_priced bigint[];
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, p_items);
    if v_response is not null then
        return query
        select r.*
        from jsonb_to_recordset(v_response) as r (
            item integer, sku text, outcome text, variant_id bigint, error text, detail jsonb
        );
        return;
    end if;
    perform core.check_item_count(p_items, core.rule('bulk_items_max'));
    -- First the variants that are there: what a row says of them is decided under their locks.
    perform
    from product.variants as v
    where v.sku in (
        select i.element ->> 'sku'
        from jsonb_array_elements(p_items) as i (element)
        where jsonb_typeof(i.element) = 'object'
    )
    order by v.sku
    for no key update;
    v_locked_ids := array(
        select o.product_id
        from jsonb_array_elements(p_items) as i (element)
        cross join lateral (
            select p.product_id
            from product.products as p
            where p.code in (i.element ->> 'product', i.element ->> 'sku')
            union all
            select v.product_id from product.variants as v where v.sku = i.element ->> 'sku'
        ) as o
        where jsonb_typeof(i.element) = 'object'
    );
    perform
    from product.products as p
    where p.product_id = any (v_locked_ids)
    order by p.product_id
    for no key update;

    with problems as (
        select distinct on (p.item) p.item, p.field, p.expected
        from core.item_problems(p_items, '{
            "sku": "text", "name": "text", "price": "amount", "currency": "text",
            "product?": "text", "product_name?": "text", "description?": "long text",
            "category?": "text"
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
    -- Shared until the end of the transaction: a category that goes away now would fail every row.
    categories as (
        select c.category_id, c.slug
        from product.categories as c
        where c.slug in (select e.element ->> 'category' from elements as e)
        order by c.slug
        for key share
    ),
    currencies as materialized (
        select m.code, m.exponent, core.rule('price_max', m.code) as max_amount
        from (select distinct e.element ->> 'currency' as code from elements as e) as d
        inner join core.currencies as m on m.code = d.code
    ),
    resolved as (
        select
            e.item, e.sku, e.is_malformed, e.problem,
            e.element ->> 'name' as name,
            coalesce(e.element ->> 'product', p.code, e.sku) as product_code,
            e.element ->> 'product_name' as product_name,
            e.element ->> 'description' as description,
            e.element ->> 'category' as category_slug, c.category_id,
            (e.element ->> 'price')::numeric as price,
            e.element ->> 'currency' as currency, k.exponent, k.max_amount,
            row_number() over (partition by e.sku, e.is_malformed order by e.item) as occurrence
        from elements as e
        left join lateral (
            select o.code
            from product.variants as v
            inner join product.products as o on o.product_id = v.product_id
            where v.sku = e.sku
            limit 1
        ) as p on true
        left join categories as c on c.slug = e.element ->> 'category'
        left join currencies as k on k.code = e.element ->> 'currency'
    ),
    judged as (
        select
            r.*,
            case
                when r.is_malformed then array['INVALID_ARGUMENT', r.problem::text]
                when length(r.sku) > 64 or r.sku ~ '^[[:space:]]|[[:space:]]$'
                    then array['INVALID_ARGUMENT', jsonb_build_object(
                        'field', 'sku',
                        'expected', 'at most 64 characters, none of them white space at an end'
                    )::text]
                when length(r.product_code) > 64
                    then array['INVALID_ARGUMENT', jsonb_build_object(
                        'field', 'product', 'expected', 'at most 64 characters'
                    )::text]
                when r.occurrence > 1
                    then array['INVALID_ARGUMENT', jsonb_build_object(
                        'field', 'sku', 'expected', 'each SKU once in a call'
                    )::text]
                when r.category_slug is not null and r.category_id is null
                    then array['CATEGORY_NOT_FOUND', jsonb_build_object(
                        'slug', r.category_slug
                    )::text]
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
            end as refusal
        from resolved as r
    )
    select
        coalesce(jsonb_agg(to_jsonb(j) - 'refusal' order by j.item) filter (
            where j.refusal is null
        ), '[]'),
        coalesce(jsonb_agg(jsonb_build_object(
            'item', j.item, 'sku', j.sku, 'outcome', 'refused', 'variant_id', null,
            'error', j.refusal[1], 'detail', j.refusal[2]::jsonb
        )) filter (where j.refusal is not null), '[]')
    into v_rows, v_refused
    from judged as j;

    insert into product.products (code, name, description, category_id, version, updated_by)
    select distinct on (r.product_code)
        r.product_code, coalesce(r.product_name, r.name), coalesce(r.description, ''),
        r.category_id, 0, core.actor()
    from jsonb_to_recordset(v_rows) as r (
        item integer, product_code text, product_name text, name text, description text,
        category_id bigint
    )
    order by r.product_code, r.item
    on conflict on constraint products_code_key do nothing;

    -- Products that a variant moves away from change as well.
    v_left := array(
        select distinct v.product_id
        from jsonb_to_recordset(v_rows) as r (sku text, product_code text)
        cross join lateral (
            select s.product_id from product.variants as s where s.sku = r.sku limit 1
        ) as v
        cross join lateral (
            select o.code from product.products as o where o.product_id = v.product_id limit 1
        ) as p
        where p.code <> r.product_code
    );
    v_product_ids := array(
        select p.product_id
        from jsonb_to_recordset(v_rows) as r (product_code text)
        cross join lateral (
            select o.product_id from product.products as o where o.code = r.product_code limit 1
        ) as p
        union
        select unnest(v_left)
    );
    perform
    from product.products as p
    where p.product_id in (select unnest(v_product_ids) except select unnest(v_locked_ids))
    order by p.product_id
    for no key update;
    -- New prices, changed ones and content each come to the documents in a way of their own.
    perform product.lock_search_documents(v_product_ids);

    with upserted as (
        insert into product.variants as v (product_id, sku, name, updated_by)
        select p.product_id, r.sku, r.name, core.actor()
        from jsonb_to_recordset(v_rows) as r (sku text, name text, product_code text)
        cross join lateral (
            select o.product_id from product.products as o where o.code = r.product_code limit 1
        ) as p
        order by r.sku
        on conflict on constraint variants_sku_key do update
            set
                product_id = excluded.product_id,
                name = excluded.name,
                version = v.version + 1,
                updated_at = clock_timestamp(),
                updated_by = excluded.updated_by
            where (v.product_id, v.name) is distinct from (excluded.product_id, excluded.name)
        returning v.variant_id, v.version
    )
    select
        coalesce(array_agg(u.variant_id) filter (where u.version = 1), '{}'),
        coalesce(array_agg(u.variant_id) filter (where u.version > 1), '{}')
    into v_inserted, v_updated
    from upserted as u;

    v_priced := array(
        select distinct r.variant_ids[w.line]
        from (
            select
                array_agg(v.variant_id order by a.item) as variant_ids,
                array_agg(a.currency order by a.item) as currencies,
                array_agg(a.price order by a.item) as prices,
                array_agg(coalesce(a.max_amount, a.price) order by a.item) as max_amounts
            from jsonb_to_recordset(v_rows) as a (
                item integer, sku text, currency text, price numeric, max_amount numeric
            )
            cross join lateral (
                select s.variant_id from product.variants as s where s.sku = a.sku limit 1
            ) as v
        ) as r
        cross join (
            select l.price_list_id from product.price_lists as l where l.kind = 'base'
        ) as b
        cross join lateral product.write_prices(
            r.variant_ids, r.currencies,
            array_fill(b.price_list_id, array[cardinality(r.variant_ids)]),
            array_fill(1, array[cardinality(r.variant_ids)]), r.prices, r.max_amounts
        ) as w
        where r.variant_ids is not null and w.is_changed
    );

    -- A product has changed when a field of its own or any of its variants has.
    for v_product in
        select
            o.product_id,
            coalesce(g.product_name, o.name) as name,
            coalesce(g.description, o.description) as description,
            coalesce(g.category_id, o.category_id) as category_id,
            array_remove(array[
                case when o.version = 0 or g.product_name <> o.name then 'name' end,
                case when o.version = 0 or g.description <> o.description then 'description' end,
                case
                    when o.version = 0 and o.category_id is not null
                    or coalesce(g.category_id, o.category_id) is distinct from o.category_id
                    then 'category'
                end,
                case when g.is_touched then 'variants' end
            ], null) as fields
        from (
            select
                u.product_id, max(u.product_name) as product_name,
                max(u.description) as description, max(u.category_id) as category_id,
                bool_or(u.is_touched) as is_touched
            from (
                select p.product_id, g.product_name, g.description, g.category_id, false
                from (
                    select
                        r.product_code,
                        (array_agg(r.product_name order by r.item desc) filter (
                            where r.product_name is not null
                        ))[1] as product_name,
                        (array_agg(r.description order by r.item desc) filter (
                            where r.description is not null
                        ))[1] as description,
                        (array_agg(r.category_id order by r.item desc) filter (
                            where r.category_id is not null
                        ))[1] as category_id
                    from jsonb_to_recordset(v_rows) as r (
                        item integer, product_code text, product_name text, description text,
                        category_id bigint
                    )
                    group by r.product_code
                ) as g
                cross join lateral (
                    select o.product_id
                    from product.products as o
                    where o.code = g.product_code
                    limit 1
                ) as p
                union all
                select v.product_id, null, null, null, true
                from product.variants as v
                where v.variant_id = any (v_inserted || v_updated)
                union all
                select unnest(v_left), null, null, null, true
            ) as u (product_id, product_name, description, category_id, is_touched)
            group by u.product_id
        ) as g
        cross join lateral (
            select p.product_id, p.name, p.description, p.category_id, p.version
            from product.products as p
            where p.product_id = g.product_id
            limit 1
        ) as o
        order by o.product_id
    loop
        continue when v_product.fields = '{}';
        -- record_change writes the row as well, and is enough where only a variant has changed.
        if v_product.fields <> '{variants}' then
            update product.products as p
            set
                name = v_product.name,
                description = v_product.description,
                category_id = v_product.category_id
            where p.product_id = v_product.product_id;
        end if;
        v_changed := v_changed || v_product.product_id;
        v_fields := v_fields || to_jsonb(v_product.fields);
    end loop;
    perform product.record_change(v_changed, v_fields, 'Import');

    v_updated := v_updated || v_priced;
    select jsonb_agg(to_jsonb(a) order by a.item)
    into v_response
    from (
        select
            r.item, r.sku,
            case
                when v.variant_id = any (v_inserted) then 'inserted'
                when v.variant_id = any (v_updated) or v.product_id = any (v_changed)
                    then 'updated'
                else 'unchanged'
            end as outcome,
            v.variant_id, null::text as error, null::jsonb as detail
        from jsonb_to_recordset(v_rows) as r (item integer, sku text)
        cross join lateral (
            select s.variant_id, s.product_id
            from product.variants as s
            where s.sku = r.sku
            limit 1
        ) as v
        union all
        select f.*
        from jsonb_to_recordset(v_refused) as f (
            item integer, sku text, outcome text, variant_id bigint, error text, detail jsonb
        )
    ) as a;

    perform core.store_response(c_scope, p_idempotency_key, v_response);
    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        item integer, sku text, outcome text, variant_id bigint, error text, detail jsonb
    );
end;
$function$;

comment on function product.import_products(jsonb, text) is
'Upserts variants with their products and base prices: 1 to 10,000 objects with sku, name, price
(a number or numeric string, in units of the currency), currency, and optionally product (the code
of the product that the variant is a form of; its own SKU otherwise), product_name, description
and category (a slug). Returns a row an item: outcome inserted, updated, unchanged or refused,
with error and detail; a refused row harms no other. Errors of the call: INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED; of a row: INVALID_ARGUMENT, CATEGORY_NOT_FOUND, CURRENCY_NOT_FOUND,
PRICE_OUT_OF_RANGE. Replica: no (writes).';
grant execute on function product.import_products(jsonb, text) to product_service;
