-- Take in a delivery: all of its lines or none.
create or replace function inventory.receive_stock(
    p_items jsonb,
    p_location text default null,
    p_reference text default null,
    p_idempotency_key text default null
)
returns table (sku text, location text, received integer, on_hand integer, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- The plans of a first, large delivery are made while the tables are empty, and are kept.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'inventory.receive_stock';
    v_response jsonb;
    v_location_id bigint;
    v_unknown jsonb;
    v_line record;
    v_change record;
    v_rows jsonb[] := '{}';
    v_variant_ids bigint[] := '{}';
    v_deltas bigint[] := '{}';
begin
    perform core.check_text('p_reference', p_reference, 500) where p_reference is not null;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'items', p_items, 'location', p_location, 'reference', p_reference
    ));
    if v_response is null then
        perform core.check_items(
            p_items, '{"sku": "text", "quantity": "positive"}', core.rule('bulk_items_max')
        );
        v_location_id := inventory.find_location(p_location);
        select jsonb_agg(i.sku order by i.sku) into v_unknown
        from jsonb_to_recordset(p_items) as i (sku text)
        where not exists (select from product.variants as v where v.sku = i.sku);
        if v_unknown is not null then
            perform core.refuse('SHP01', jsonb_build_object('skus', v_unknown));
        end if;

        for v_line in
            select v.variant_id, v.sku, sum(i.quantity) as quantity
            from jsonb_to_recordset(p_items) as i (sku text, quantity bigint)
            cross join lateral (
                select s.variant_id, s.sku from product.variants as s where s.sku = i.sku limit 1
            ) as v
            group by v.variant_id, v.sku
            order by v.variant_id
        loop
            v_change := inventory.change_on_hand(
                v_line.variant_id, v_location_id, 'receipt', null, v_line.quantity::bigint, null,
                null, p_reference
            );
            if v_change.refusal is not null then
                perform core.refuse(
                    v_change.refusal,
                    jsonb_build_object('sku', v_line.sku) || v_change.detail
                );
            end if;
            v_variant_ids := v_variant_ids || v_line.variant_id;
            v_deltas := v_deltas || v_change.delta;
            v_rows := v_rows || jsonb_build_object(
                'sku', v_line.sku, 'received', v_change.delta,
                'on_hand', (v_change.stock).on_hand, 'version', (v_change.stock).version
            );
        end loop;

        perform inventory.emit_stock_updated(
            'receive', v_variant_ids, v_deltas,
            array_fill(0::bigint, array[cardinality(v_deltas)]), v_deltas
        );
        select jsonb_agg(r.line || jsonb_build_object('location', l.code) order by r.position)
        into v_response
        from unnest(v_rows) with ordinality as r (line, position)
        inner join inventory.locations as l on l.location_id = v_location_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        sku text, location text, received integer, on_hand integer, version bigint
    );
end;
$function$;

comment on function inventory.receive_stock(jsonb, text, text, text) is
'Adds delivered units to a location (the best-ranked one if none is named), all of the items or
none: 1 to 10,000 objects {"sku", "quantity"}; lines of one SKU are added up. The reference names
the paper behind it. Returns what is on hand now. Errors: PRODUCT_NOT_FOUND,
STOCK_CEILING_EXCEEDED, LOCATION_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function inventory.receive_stock(jsonb, text, text, text) to inventory_service;
