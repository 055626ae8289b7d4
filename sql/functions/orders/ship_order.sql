-- Send a parcel: one that was packed, or units that were not.
--
-- The order, its parcel and its lines come first, then the holds, and the stock at the very end.
-- The order is shipped with the last unit that leaves.
create or replace function orders.ship_order(
    p_order_number text,
    p_items jsonb default null,
    p_carrier text default null,
    p_tracking text default null,
    p_fulfillment_no integer default null,
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
    c_scope constant text := 'orders.ship_order';
    v_response jsonb;
    v_order orders.orders;
    v_parcel orders.order_fulfillment;
begin
    if p_fulfillment_no is not null and num_nonnulls(p_items, p_location) > 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_fulfillment_no',
            'expected', 'a packed parcel without items and location: it has its own'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'items', p_items, 'carrier', p_carrier,
        'tracking', p_tracking, 'fulfillment_no', p_fulfillment_no, 'location', p_location
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        if p_fulfillment_no is not null then
            v_parcel := orders.find_fulfillment(v_order, p_fulfillment_no);
        end if;
        if v_parcel.status in ('shipped', 'in_transit', 'delivered')
        or p_fulfillment_no is null and p_items is null
        and v_order.status in ('shipped', 'delivered', 'completed') then
            -- Done before: the parcel, or the last one of the order.
            v_response := orders.state_of(v_order.order_id) || jsonb_build_object(
                'fulfillment_no', coalesce(p_fulfillment_no, (
                    select max(f.fulfillment_no)
                    from orders.order_fulfillment as f
                    where f.order_id = v_order.order_id
                    and f.status in ('shipped', 'in_transit', 'delivered')
                ))
            );
        else
            v_parcel := orders.ship_parcel(
                v_order, v_parcel, p_items, p_carrier, p_tracking, p_location
            );
            v_response := orders.state_of(v_order.order_id)
                || jsonb_build_object('fulfillment_no', v_parcel.fulfillment_no);
        end if;
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

comment on function orders.ship_order(text, jsonb, text, text, integer, text, text) is
'Sends units of an order, all of the items or none: a packed parcel by its number; or an array of
objects {"sku" or "line_no", "quantity"} (all that is open, without a quantity) that are in no
parcel yet, from one location if one is named; or, with neither, everything in no parcel, or else
the one packed parcel. Units leave the stock with a movement; the order is processing with the
first and shipped with the last. Does nothing where the parcel, or all of the order, has been sent.
Returns the number of the parcel, too. Errors: ORDER_NOT_COVERED (an authorisation has ended, say),
ORDER_LINE_NOT_FOUND, ORDER_QUANTITY_EXCEEDED, FULFILLMENT_NOT_FOUND, TRACKING_TAKEN,
INSUFFICIENT_STOCK (not at that location), LOCATION_NOT_FOUND, ILLEGAL_TRANSITION (with the legal
ones), ORDER_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.ship_order(text, jsonb, text, text, integer, text, text)
to orders_editor;
