-- Take in a supplier's delivery, and what it says about the supplier: all of the lines or none.
--
-- p_received_at is what the delivery note says; nothing acts by it but the supplier's rating.
-- Movements carry the clock, and a delivery from before the newest movement of its stock is
-- refused: what was counted, sold and reported since would have been wrong.
create or replace function inventory.receive_from_supplier(
    p_supplier text,
    p_items jsonb,
    p_ordered_on date,
    p_location text default null,
    p_reference text default null,
    p_received_at timestamptz default null,
    p_idempotency_key text default null
)
returns table (
    receipt_id bigint, sku text, location text, received integer, defective integer,
    is_on_time boolean, on_hand integer, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- The plans of a first, large delivery are made while the tables are empty, and are kept.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'inventory.receive_from_supplier';
    v_response jsonb;
    v_supplier inventory.inventory_suppliers;
    v_location_id bigint;
    v_location text;
    v_receipt_id bigint;
    v_received_at timestamptz;
    v_variant_ids bigint[];
    v_newer jsonb;
    v_line record;
    v_change record;
    v_stock inventory.inventory;
    v_is_on_time boolean;
    v_rows jsonb[] := '{}';
    v_moved_ids bigint[] := '{}';
    v_deltas bigint[] := '{}';
begin
    perform core.check_text('p_reference', p_reference, 500) where p_reference is not null;
    if p_ordered_on is null or not isfinite(p_ordered_on) or not isfinite(p_received_at) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_ordered_on or p_received_at', 'expected', 'a day, and a time or null'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'supplier', p_supplier, 'items', p_items, 'ordered_on', p_ordered_on,
        'location', p_location, 'reference', p_reference,
        'received_at', p_received_at at time zone 'UTC'
    ));
    if v_response is null then
        perform core.check_items(
            p_items, '{"sku": "text", "quantity": "positive", "defective?": "count"}',
            core.rule('bulk_items_max')
        );
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'item', i.ordinality, 'field', 'defective',
            'expected', 'at most the quantity'
        ))
        from jsonb_array_elements(p_items) with ordinality as i
        where (i.value ->> 'defective')::bigint > (i.value ->> 'quantity')::bigint;
        v_supplier := inventory.find_supplier(p_supplier);
        v_location_id := inventory.find_location(p_location);
        select l.code into strict v_location
        from inventory.locations as l
        where l.location_id = v_location_id;
        v_variant_ids := array(
            select distinct v.variant_id from inventory.find_variants(p_items) as v
        );

        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'sku', t.sku, 'field', 'quantity',
            'expected', 'at most 999999999 units of a SKU in all items'
        ))
        from (
            select v.sku
            from inventory.find_variants(p_items) as v
            group by v.sku
            having sum((p_items -> v.item - 1 ->> 'quantity')::bigint) > 999999999
            order by v.sku
        ) as t;

        -- Only what good units come of: the rest is not kept here because of this.
        perform inventory.lock_stock_rows(array(
            select v.variant_id
            from inventory.find_variants(p_items) as v
            where (p_items -> v.item - 1 ->> 'quantity')::bigint
            > coalesce((p_items -> v.item - 1 ->> 'defective')::bigint, 0)
        ), v_location_id);
        v_received_at := coalesce(p_received_at, clock_timestamp());
        if v_received_at > clock_timestamp()
        or p_ordered_on > (v_received_at at time zone 'UTC')::date then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_received_at or p_ordered_on',
                'expected', 'ordered on or before the day in UTC that it came, which has been'
            ));
        end if;
        select jsonb_agg(jsonb_build_object('sku', v.sku, 'moved_at', m.created_at) order by v.sku)
        into v_newer
        from inventory.inventory as i
        inner join inventory.inventory_movements as m
            on m.variant_id = i.variant_id and m.location_id = i.location_id
            and m.seq = i.last_seq
        inner join product.variants as v on v.variant_id = i.variant_id
        where i.variant_id = any (v_variant_ids) and i.location_id = v_location_id
        and m.created_at > p_received_at;
        if v_newer is not null then
            perform core.refuse('SHI21', jsonb_build_object(
                'received_at', p_received_at, 'newer', v_newer
            ));
        end if;

        v_receipt_id := nextval('inventory.supplier_receipts_receipt_id_seq');
        for v_line in
            select
                v.variant_id, v.sku,
                sum((p_items -> v.item - 1 ->> 'quantity')::bigint)::bigint as quantity,
                sum(coalesce((p_items -> v.item - 1 ->> 'defective')::bigint, 0))::bigint
                    as defective,
                p_ordered_on + coalesce(max(s.lead_time_days), v_supplier.lead_time_days)
                    as due_on
            from inventory.find_variants(p_items) as v
            left join inventory.supplier_items as s
                on s.variant_id = v.variant_id and s.supplier_id = v_supplier.supplier_id
            group by v.variant_id, v.sku
            order by v.variant_id
        loop
            v_stock := null;
            if v_line.quantity > v_line.defective then
                v_change := inventory.change_on_hand(
                    v_line.variant_id, v_location_id, 'receipt', null,
                    v_line.quantity - v_line.defective, null, null, p_reference
                );
                if v_change.refusal is not null then
                    perform core.refuse(
                        v_change.refusal,
                        jsonb_build_object('sku', v_line.sku) || v_change.detail
                    );
                end if;
                v_stock := v_change.stock;
                v_moved_ids := v_moved_ids || v_line.variant_id;
                v_deltas := v_deltas || v_change.delta::bigint;
            end if;
            insert into inventory.supplier_receipts as r (
                variant_id, receipt_id, supplier_id, location_id, quantity, defective, ordered_on,
                due_on, received_at, received_on, seq, reference, actor, request_id
            )
            overriding system value
            values (
                v_line.variant_id, v_receipt_id, v_supplier.supplier_id, v_location_id,
                v_line.quantity, v_line.defective, p_ordered_on, v_line.due_on, v_received_at,
                (v_received_at at time zone 'UTC')::date, v_stock.last_seq, p_reference,
                core.actor(), core.request_id()
            )
            returning r.is_on_time into v_is_on_time;
            v_rows := v_rows || jsonb_build_object(
                'receipt_id', v_receipt_id, 'sku', v_line.sku, 'location', v_location,
                'received', v_line.quantity - v_line.defective, 'defective', v_line.defective,
                'is_on_time', v_is_on_time, 'on_hand', v_stock.on_hand,
                'version', v_stock.version
            );
        end loop;

        perform events.emit(
            'receipt.recorded', 'receipt', array[v_receipt_id], array[1],
            array[jsonb_build_object(
                'receipt_id', v_receipt_id, 'supplier_id', v_supplier.supplier_id,
                'location_id', v_location_id, 'variants', cardinality(v_rows)
            )]
        );
        perform inventory.emit_stock_updated(
            'receive', v_moved_ids, v_deltas,
            array_fill(0::bigint, array[cardinality(v_deltas)]), v_deltas
        );
        v_response := to_jsonb(v_rows);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        receipt_id bigint, sku text, location text, received integer, defective integer,
        is_on_time boolean, on_hand integer, version bigint
    );
end;
$function$;

comment on function inventory.receive_from_supplier(
    text, jsonb, date, text, text, timestamptz, text
) is
'Takes in what a supplier delivered to a location (the best-ranked one if none is named), all of
the items or none: 1 to 10,000 objects {"sku", "quantity", "defective"}; defective units (0 if left
out) are among the quantity and do not come in. The day of the order and the lead time say whether
it came on time. p_received_at is when it came (null is now); the reference names the delivery
note. Returns what came in, and what is on hand then (null if nothing did). Errors:
RECEIPT_BACKDATED (stock has moved since), SUPPLIER_NOT_FOUND, PRODUCT_NOT_FOUND,
LOCATION_NOT_FOUND, STOCK_CEILING_EXCEEDED, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function inventory.receive_from_supplier(
    text, jsonb, date, text, text, timestamptz, text
) to inventory_editor;
