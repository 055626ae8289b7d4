-- Approve or reject a return.
create or replace function orders.decide_return(
    p_order_number text,
    p_return_no integer,
    p_status text,
    p_reason text default null,
    p_idempotency_key text default null
)
returns table (
    order_number text, status text, payment_status text, fulfillment_status text, total numeric,
    credit_total numeric, version bigint,
    return_no integer, return_status text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'orders.decide_return';
    v_response jsonb;
    v_order orders.orders;
    v_return orders.order_returns;
begin
    perform payment.check_words('p_reason', p_reason, 500) where p_reason is not null;
    if p_status is null or p_status not in ('approved', 'rejected') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_status', 'expected', 'approved or rejected'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'return_no', p_return_no, 'status', p_status,
        'reason', p_reason
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        v_return := orders.find_return(v_order, p_return_no);
        if v_return.status <> p_status then
            v_return := orders.move_return(v_order, v_return, p_status, p_reason);
            if p_status = 'rejected' then
                perform orders.free_return(v_return);
            end if;
            v_order := orders.touch_order(v_order.order_id);
        end if;
        v_response := orders.state_of(v_order.order_id) || jsonb_build_object(
            'return_no', v_return.return_no, 'return_status', v_return.status
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        order_number text, status text, payment_status text, fulfillment_status text, total numeric,
        credit_total numeric, version bigint,
        return_no integer, return_status text
    );
end;
$function$;

comment on function orders.decide_return(text, integer, text, text, text) is
'Approves or rejects a return that was requested, with a reason (1 to 500 characters), if one
likes; does nothing where that was done. Errors: RETURN_NOT_FOUND, ILLEGAL_TRANSITION (with the
legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.decide_return(text, integer, text, text, text) to orders_editor;
