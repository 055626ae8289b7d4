-- Begin to work on an order.
create or replace function orders.process_order(
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
    c_scope constant text := 'orders.process_order';
    v_response jsonb;
    v_order orders.orders;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        if v_order.status <> 'processing' then
            v_order := orders.change_status(v_order, 'processing', null);
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

comment on function orders.process_order(text, text) is
'Moves a confirmed order to processing; does nothing where that was done. Errors:
ILLEGAL_TRANSITION (with the legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.process_order(text, text) to orders_editor;
