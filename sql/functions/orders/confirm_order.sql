-- Confirm an order that is covered. Payments do so by themselves; this is for an order that
-- nothing is due for, and for one whose payment was recorded elsewhere.
create or replace function orders.confirm_order(
    p_order_number text,
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
    c_scope constant text := 'orders.confirm_order';
    v_response jsonb;
    v_order orders.orders;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        if v_order.status = 'pending' then
            v_order := orders.record_money(v_order.order_id);
            if v_order.status = 'pending' then
                perform core.refuse('SHO33', jsonb_build_object(
                    'order_number', v_order.order_number,
                    'due', v_order.total - v_order.credit_total,
                    'covered', (orders.money_of(v_order.order_id)).covered
                ));
            end if;
        elsif v_order.status <> 'confirmed' then
            perform orders.refuse_transition(v_order, 'confirmed');
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

comment on function orders.confirm_order(text, text) is
'Confirms a pending order whose payments cover what is due, and makes its holds a sale; does
nothing where that was done. An order whose stock is gone comes back cancelled, and its money goes
back. Errors: ORDER_NOT_COVERED, ILLEGAL_TRANSITION (with the legal ones), ORDER_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.confirm_order(text, text) to orders_editor;
