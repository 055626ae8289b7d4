-- Note that a parcel cannot be delivered. Its units stay sent until orders.return_fulfillment says
-- what became of them.
create or replace function orders.fail_fulfillment(
    p_order_number text,
    p_fulfillment_no integer,
    p_reason text,
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
    c_scope constant text := 'orders.fail_fulfillment';
    v_response jsonb;
    v_order orders.orders;
    v_parcel orders.order_fulfillment;
begin
    perform payment.check_words('p_reason', p_reason, 500);
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'fulfillment_no', p_fulfillment_no, 'reason', p_reason
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        v_parcel := orders.find_fulfillment(v_order, p_fulfillment_no);
        if v_parcel.status <> 'failed' then
            v_parcel := orders.move_fulfillment(v_parcel, 'failed');
            v_order := orders.write_note(
                v_order, 'internal', 'Parcel ' || p_fulfillment_no || ' failed: ' || p_reason
            );
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

comment on function orders.fail_fulfillment(text, integer, text, text) is
'Notes that a parcel that was sent cannot be delivered, with the reason (1 to 500 characters) as an
internal note; does nothing where that was done. Errors: FULFILLMENT_NOT_FOUND, ILLEGAL_TRANSITION
(with the legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function orders.fail_fulfillment(text, integer, text, text) to orders_editor;
