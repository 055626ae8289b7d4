-- What a customer writes beside an own order.
create or replace function orders.add_customer_note(
    p_order_number text,
    p_owner text,
    p_body text,
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
    c_scope constant text := 'orders.add_customer_note';
    v_response jsonb;
    v_order orders.orders;
begin
    if p_owner is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_owner', 'expected', 'user:<number> or session:<1 to 200 characters>'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'owner', p_owner, 'body', p_body
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number, p_owner);
        v_order := orders.write_note(v_order, 'customer', p_body);
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

comment on function orders.add_customer_note(text, text, text, text) is
'Adds a note (1 to 10,000 characters) of its customer (user:<number> or session:<token>) to an
order. Errors: ORDER_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.add_customer_note(text, text, text, text) to orders_service;
