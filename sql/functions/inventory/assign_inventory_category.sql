-- Put stock into categories by hand, all of the items or none.
create or replace function inventory.assign_inventory_category(
    p_items jsonb,
    p_location text default null,
    p_idempotency_key text default null
)
returns table (sku text, location text, category text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- Plans that a session made while the tables were empty are kept until they are analyzed.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'inventory.assign_inventory_category';
    v_response jsonb;
    v_location_id bigint;
    v_variant_ids bigint[];
    v_skus text[];
    v_places integer[];
    v_category_ids bigint[];
    v_bad jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'items', p_items, 'location', p_location
    ));
    if v_response is null then
        perform core.check_items(
            p_items, '{"sku": "text", "category": "text", "expected_version?": "version"}',
            core.rule('bulk_items_max')
        );
        v_location_id := inventory.find_location(p_location);
        select jsonb_agg(distinct i.category) into v_bad
        from jsonb_to_recordset(p_items) as i (category text)
        where not exists (
            select from inventory.inventory_categories as c where c.code = i.category
        );
        if v_bad is not null then
            perform core.refuse('SHI22', jsonb_build_object('categories', v_bad));
        end if;
        select
            array_agg(v.variant_id), array_agg(v.sku), array_agg(v.item), array_agg(c.category_id)
        into v_variant_ids, v_skus, v_places, v_category_ids
        from inventory.find_variants(p_items) as v
        inner join inventory.inventory_categories as c
            on c.code = p_items -> v.item - 1 ->> 'category';
        if cardinality(v_variant_ids) > (
            select count(distinct v.id) from unnest(v_variant_ids) as v (id)
        ) then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_items', 'field', 'sku', 'expected', 'each SKU once in a call'
            ));
        end if;

        perform
        from inventory.inventory as i
        where i.variant_id = any (v_variant_ids) and i.location_id = v_location_id
        order by i.variant_id
        for no key update;
        select
            jsonb_agg(jsonb_build_object(
                'sku', v.sku, 'expected_version', e.expected_version, 'version', i.version
            ))
        into v_bad
        from unnest(v_variant_ids, v_skus, v_places) as v (variant_id, sku, place)
        cross join lateral (
            select (p_items -> v.place - 1 ->> 'expected_version')::bigint as expected_version
        ) as e
        inner join inventory.inventory as i
            on i.variant_id = v.variant_id and i.location_id = v_location_id
        where i.version <> e.expected_version;
        if v_bad is not null then
            perform core.refuse('SHC02', jsonb_build_object('items', v_bad));
        end if;
        select jsonb_agg(v.sku order by v.sku) into v_bad
        from unnest(v_variant_ids, v_skus) as v (variant_id, sku)
        where not exists (
            select
            from inventory.inventory as i
            where i.variant_id = v.variant_id and i.location_id = v_location_id
        );
        if v_bad is not null then
            perform core.refuse('SHI09', jsonb_build_object('skus', v_bad));
        end if;
        perform inventory.categorize_stock(v_location_id, v_variant_ids, v_category_ids);

        select jsonb_agg(jsonb_build_object(
            'sku', v.sku, 'location', l.code, 'category', c.code, 'version', i.version
        ) order by v.place)
        into v_response
        from unnest(v_variant_ids, v_skus, v_places) as v (variant_id, sku, place)
        inner join inventory.inventory as i
            on i.variant_id = v.variant_id and i.location_id = v_location_id
        inner join inventory.inventory_categories as c on c.category_id = i.category_id
        inner join inventory.locations as l on l.location_id = v_location_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        sku text, location text, category text, version bigint
    );
end;
$function$;

comment on function inventory.assign_inventory_category(jsonb, text, text) is
'Puts the stock of SKUs at a location (the best-ranked one if none is named) into categories, all of
the items or none: 1 to 10,000 objects {"sku", "category", "expected_version"}, the last one
optional. Returns each with its new version. Errors: INVENTORY_CATEGORY_NOT_FOUND,
CONCURRENT_MODIFICATION, STOCK_NOT_FOUND, PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.assign_inventory_category(jsonb, text, text)
to inventory_editor;
