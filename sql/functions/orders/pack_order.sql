-- Put units of an order into a parcel that has not left yet. Their stock stays where it is: only
-- the parcel keeps them from being packed or cancelled once more.
create or replace function orders.pack_order(
    p_order_number text,
    p_items jsonb default null,
    p_location text default null,
    p_idempotency_key text default null
)
returns table (
    order_number text, status text, payment_status text, fulfillment_status text, total numeric,
    credit_total numeric, version bigint,
    fulfillment_no integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'orders.pack_order';
    v_response jsonb;
    v_order orders.orders;
    v_location_id constant bigint := case
        when p_location is not null then inventory.find_location(p_location)
    end;
    v_line_nos integer[];
    v_variant_ids bigint[];
    v_quantities integer[];
    v_draws jsonb;
    v_parcel orders.order_fulfillment;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'items', p_items, 'location', p_location
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        if v_order.status not in ('confirmed', 'processing') then
            perform orders.refuse_transition(v_order, 'processing');
        end if;
        select array_agg(c.line_no), array_agg(c.variant_id), array_agg(c.quantity)
        into v_line_nos, v_variant_ids, v_quantities
        from orders.choose_lines(v_order, p_items, orders.open_units(v_order.order_id)) as c;
        if v_line_nos is null then
            perform core.refuse('SHO32', jsonb_build_object(
                'order_number', v_order.order_number, 'open', 0
            ));
        end if;
        v_draws := inventory.draw_order_holds(
            v_order.order_id, v_variant_ids, v_quantities, v_location_id
        );
        v_parcel := orders.move_fulfillment(
            orders.add_parcel(
                v_order.order_id, v_line_nos, v_quantities,
                coalesce(p_location, inventory.location_of(v_draws))
            ),
            'packed'
        );
        v_order := orders.note_fulfillment(v_order);
        if v_order.status = 'confirmed' then
            v_order := orders.change_status(v_order, 'processing', null);
        end if;
        v_response := orders.state_of(v_order.order_id)
            || jsonb_build_object('fulfillment_no', v_parcel.fulfillment_no);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        order_number text, status text, payment_status text, fulfillment_status text, total numeric,
        credit_total numeric, version bigint,
        fulfillment_no integer
    );
end;
$function$;

comment on function orders.pack_order(text, jsonb, text, text) is
'Packs units of a confirmed order into a new parcel, from one location if one is named, and moves
the order to processing: an array of objects {"sku" or "line_no", "quantity"} (all that is open,
without a quantity), or null for everything that is in no parcel yet. Returns the number of the
parcel, too. Errors: ORDER_LINE_NOT_FOUND, ORDER_QUANTITY_EXCEEDED, INSUFFICIENT_STOCK (not at that
location), LOCATION_NOT_FOUND, ILLEGAL_TRANSITION (with the legal ones), ORDER_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.pack_order(text, jsonb, text, text) to orders_editor;
