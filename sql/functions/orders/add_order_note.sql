-- Write something beside an order, for colleagues or for the customer.
create or replace function orders.add_order_note(
    p_order_number text,
    p_body text,
    p_visibility text default 'internal',
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
    c_scope constant text := 'orders.add_order_note';
    v_response jsonb;
    v_order orders.orders;
begin
    if p_visibility is null or p_visibility not in ('internal', 'customer') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_visibility', 'expected', 'internal or customer'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'body', p_body, 'visibility', p_visibility
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        v_order := orders.write_note(v_order, p_visibility, p_body);
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

comment on function orders.add_order_note(text, text, text, text) is
'Adds a note (1 to 10,000 characters) to an order, for colleagues (internal) or for the customer to
read (customer). Errors: ORDER_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function orders.add_order_note(text, text, text, text) to orders_editor;
