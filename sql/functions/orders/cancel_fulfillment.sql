-- Unpack a parcel that has not left. Its units stay sold, and can be packed again or cancelled.
create or replace function orders.cancel_fulfillment(
    p_order_number text,
    p_fulfillment_no integer,
    p_idempotency_key text default null
)
returns table (
    order_number text, status text, payment_status text, fulfillment_status text, total numeric,
    credit_total numeric, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'orders.cancel_fulfillment';
    v_response jsonb;
    v_order orders.orders;
    v_parcel orders.order_fulfillment;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'fulfillment_no', p_fulfillment_no
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        v_parcel := orders.find_fulfillment(v_order, p_fulfillment_no);
        if v_parcel.status <> 'cancelled' then
            v_parcel := orders.move_fulfillment(v_parcel, 'cancelled');
            v_order := orders.note_fulfillment(v_order);
        end if;
        v_response := orders.state_of(v_order.order_id);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        order_number text, status text, payment_status text, fulfillment_status text, total numeric,
        credit_total numeric, version bigint
    );
end;
$function$;

comment on function orders.cancel_fulfillment(text, integer, text) is
'Gives up a packed parcel: its units are open again. Does nothing where that was done. Errors:
FULFILLMENT_NOT_FOUND, ILLEGAL_TRANSITION (with the legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.cancel_fulfillment(text, integer, text) to orders_editor;
