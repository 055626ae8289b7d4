-- Post the counts of thousands of SKUs; each item by itself succeeds or is refused and listed.
--
-- Stock rows are locked in ascending order of variant, as everywhere.
create or replace function inventory.bulk_update_stock(
    p_items jsonb,
    p_location text default null,
    p_reference text default null,
    p_idempotency_key text default null
)
returns table (
    item integer, sku text, outcome text, on_hand_before integer, on_hand integer, version bigint,
    error text, detail jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- The plans of a first, large count are made while the tables are empty, and are kept.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'inventory.bulk_update_stock';
    v_response jsonb;
    v_location_id bigint;
    v_line record;
    v_change record;
    v_delta bigint;
    v_rows jsonb[] := '{}';
    v_variant_ids bigint[] := '{}';
    v_available bigint[] := '{}';
    v_reserved bigint[] := '{}';
    v_on_hand bigint[] := '{}';
begin
    perform core.check_text('p_reference', p_reference, 500) where p_reference is not null;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'items', p_items, 'location', p_location, 'reference', p_reference
    ));
    if v_response is null then
        perform core.check_item_count(p_items, core.rule('bulk_items_max'));
        v_location_id := inventory.find_location(p_location);
        for v_line in
            with problems as (
                select distinct on (p.item)
                    p.item,
                    jsonb_build_object('field', p.field, 'expected', p.expected) as problem
                from core.item_problems(
                    p_items, '{"sku": "text", "on_hand": "count", "expected_version?": "version"}'
                ) as p
                order by p.item, p.field
            ),
            elements as (
                select
                    i.ordinality::integer as item, p.problem,
                    case when jsonb_typeof(i.value) = 'object' then i.value ->> 'sku' end as sku,
                    case when p.item is null then (i.value ->> 'on_hand')::bigint end as on_hand,
                    case when p.item is null then (i.value ->> 'expected_version')::bigint end
                        as expected_version
                from jsonb_array_elements(p_items) with ordinality as i
                left join problems as p on p.item = i.ordinality
            )
            select
                e.item, e.sku, e.on_hand, e.expected_version, e.problem, v.variant_id,
                row_number() over (
                    partition by e.sku, e.problem is null order by e.item
                ) as occurrence
            from elements as e
            left join product.variants as v on v.sku = e.sku
            order by v.variant_id, e.item
        loop
            if v_line.problem is not null then
                v_line.problem := jsonb_build_object(
                    'error', 'INVALID_ARGUMENT', 'detail', v_line.problem
                );
            elsif v_line.variant_id is null then
                v_line.problem := jsonb_build_object('error', 'PRODUCT_NOT_FOUND');
            elsif v_line.occurrence > 1 then
                v_line.problem := jsonb_build_object(
                    'error', 'INVALID_ARGUMENT', 'detail', jsonb_build_object(
                        'field', 'sku', 'expected', 'each SKU once in a call'
                    )
                );
            else
                v_change := inventory.change_on_hand(
                    v_line.variant_id, v_location_id, 'count', v_line.on_hand, null,
                    v_line.expected_version, null, p_reference
                );
                -- A refusal leaves nothing behind but overdue holds that were reclaimed.
                v_delta := case when v_change.refusal is null then v_change.delta else 0 end;
                if v_change.refusal is null or v_change.reclaimed > 0 then
                    v_variant_ids := v_variant_ids || v_line.variant_id;
                    v_available := v_available || v_change.reclaimed + v_delta;
                    v_reserved := v_reserved || -v_change.reclaimed;
                    v_on_hand := v_on_hand || v_delta;
                end if;
                if v_change.refusal is not null then
                    select jsonb_build_object('error', c.name, 'detail', v_change.detail)
                    into v_line.problem
                    from core.error_codes as c
                    where c.sqlstate = v_change.refusal;
                end if;
            end if;

            if v_line.problem is null then
                v_rows := v_rows || jsonb_build_object(
                    'item', v_line.item, 'sku', v_line.sku, 'outcome', 'counted',
                    'on_hand_before', (v_change.stock).on_hand - v_change.delta,
                    'on_hand', (v_change.stock).on_hand, 'version', (v_change.stock).version
                );
            else
                v_rows := v_rows || (v_line.problem || jsonb_build_object(
                    'item', v_line.item, 'sku', v_line.sku, 'outcome', 'refused'
                ));
            end if;
        end loop;

        perform inventory.emit_stock_updated(
            'count', v_variant_ids, v_available, v_reserved, v_on_hand
        );
        select jsonb_agg(r order by (r ->> 'item')::integer)
        into v_response
        from unnest(v_rows) as r;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        item integer, sku text, outcome text, on_hand_before integer, on_hand integer,
        version bigint, error text, detail jsonb
    );
end;
$function$;

comment on function inventory.bulk_update_stock(jsonb, text, text, text) is
'Sets the units on hand of 1 to 10,000 SKUs at a location (the best-ranked one if none is named)
to what was counted: objects {"sku", "on_hand", "expected_version"}, the last one optional (0
means no stock row). One movement a counted item, also where nothing differs. Returns a row an
item: outcome counted or refused, with error and detail; a refused item harms no other. Errors of
the call: INVALID_ARGUMENT, LOCATION_NOT_FOUND, IDEMPOTENCY_KEY_REUSED; of an item:
PRODUCT_NOT_FOUND, STOCK_IS_HELD, STOCK_CEILING_EXCEEDED, CONCURRENT_MODIFICATION,
STOCK_NOT_FOUND, INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function inventory.bulk_update_stock(jsonb, text, text, text)
to inventory_service;
