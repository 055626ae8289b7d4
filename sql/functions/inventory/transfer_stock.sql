-- Move units from one location to another, all of the lines or none.
--
-- Both places of a variant are locked in ascending order, whichever of them gives. What is short
-- is told for all lines at once; by then other lines have changed, and the refusal undoes them.
create or replace function inventory.transfer_stock(
    p_items jsonb,
    p_from text,
    p_to text,
    p_reference text default null,
    p_idempotency_key text default null
)
returns table (
    transfer_id bigint, sku text, quantity integer, from_on_hand integer, to_on_hand integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- The plans of a first, large transfer are made while the tables are empty, and are kept.
set enable_seqscan = off
as $function$
declare
    c_scope constant text := 'inventory.transfer_stock';
    v_response jsonb;
    v_from_id bigint;
    v_to_id bigint;
    v_transfer_id bigint;
    v_line record;
    v_change record;
    v_out record;
    v_in record;
    v_shortages jsonb := '[]';
    v_rows jsonb[] := '{}';
    v_variant_ids bigint[] := '{}';
    v_reclaimed bigint[] := '{}';
begin
    perform core.check_text('p_reference', p_reference, 500) where p_reference is not null;
    if p_from is null or p_to is null or p_from = p_to then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_from or p_to', 'expected', 'the codes of two locations'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'items', p_items, 'from', p_from, 'to', p_to, 'reference', p_reference
    ));
    if v_response is null then
        perform core.check_items(
            p_items, '{"sku": "text", "quantity": "positive"}', core.rule('bulk_items_max')
        );
        v_from_id := inventory.find_location(p_from);
        v_to_id := inventory.find_location(p_to);
        v_transfer_id := nextval('inventory.stock_transfers_transfer_id_seq');

        for v_line in
            select v.variant_id, v.sku, sum((p_items -> v.item - 1 ->> 'quantity')::bigint)::bigint
                as quantity
            from inventory.find_variants(p_items) as v
            group by v.variant_id, v.sku
            order by v.variant_id
        loop
            for v_place in 1..2 loop
                if (v_place = 1) = (v_from_id < v_to_id) then
                    v_out := inventory.change_on_hand(
                        v_line.variant_id, v_from_id, 'transfer_out', null, -v_line.quantity,
                        null, null, p_reference
                    );
                    v_change := v_out;
                else
                    v_in := inventory.change_on_hand(
                        v_line.variant_id, v_to_id, 'transfer_in', null, v_line.quantity, null,
                        null, p_reference
                    );
                    v_change := v_in;
                end if;
                if v_change.refusal in ('SHI06', 'SHI09') then
                    v_shortages := v_shortages || jsonb_build_object(
                        'sku', v_line.sku, 'requested', v_line.quantity, 'available',
                        case v_change.refusal when 'SHI09' then 0 else
                            (v_change.detail ->> 'on_hand')::bigint
                            - (v_change.detail ->> 'damaged')::bigint
                            - (v_change.detail ->> 'held')::bigint
                        end
                    );
                elsif v_change.refusal is not null then
                    perform core.refuse(
                        v_change.refusal,
                        jsonb_build_object('sku', v_line.sku, 'location', p_to)
                        || v_change.detail
                    );
                end if;
            end loop;
            continue when v_shortages <> '[]';

            insert into inventory.stock_transfers (
                variant_id, transfer_id, from_location_id, to_location_id, quantity, out_seq,
                in_seq, reference, actor, request_id
            )
            overriding system value
            values (
                v_line.variant_id, v_transfer_id, v_from_id, v_to_id, v_line.quantity,
                (v_out.stock).last_seq, (v_in.stock).last_seq, p_reference, core.actor(),
                core.request_id()
            );
            v_variant_ids := v_variant_ids || v_line.variant_id;
            v_reclaimed := v_reclaimed || v_out.reclaimed::bigint;
            v_rows := v_rows || jsonb_build_object(
                'transfer_id', v_transfer_id, 'sku', v_line.sku, 'quantity', v_line.quantity,
                'from_on_hand', (v_out.stock).on_hand, 'to_on_hand', (v_in.stock).on_hand
            );
        end loop;
        if v_shortages <> '[]' then
            perform core.refuse('SHI01', jsonb_build_object(
                'location', p_from, 'shortages', v_shortages
            ));
        end if;

        perform events.emit(
            'stock.transferred', 'variant', array_agg(t.variant_id), array_agg(null::bigint),
            array_agg(jsonb_build_object(
                'variant_id', t.variant_id, 'transfer_id', t.transfer_id,
                'from_location_id', t.from_location_id, 'to_location_id', t.to_location_id,
                'quantity', t.quantity
            ))
        )
        from inventory.stock_transfers as t
        where t.variant_id = any (v_variant_ids) and t.transfer_id = v_transfer_id;
        -- Over all locations nothing has changed but overdue holds that made room.
        perform inventory.emit_stock_updated(
            'transfer', array_agg(r.variant_id), array_agg(r.reclaimed),
            array_agg(-r.reclaimed), array_agg(0::bigint)
        )
        from unnest(v_variant_ids, v_reclaimed) as r (variant_id, reclaimed);
        v_response := to_jsonb(v_rows);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        transfer_id bigint, sku text, quantity integer, from_on_hand integer, to_on_hand integer
    );
end;
$function$;

comment on function inventory.transfer_stock(jsonb, text, text, text, text) is
'Moves units from one location to another, all of the items or none: 1 to 10,000 objects {"sku",
"quantity"}; lines of one SKU are added up. Only units that nobody has been promised go. Writes two
movements a SKU, transfer_out and transfer_in. Returns the number of the transfer and what is on
hand at both places. Errors: INSUFFICIENT_STOCK (with every line that is short),
STOCK_CEILING_EXCEEDED, PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.transfer_stock(jsonb, text, text, text, text)
to inventory_editor;
