-- Close an order for good: everything has arrived, and nothing is to come back.
create or replace function orders.complete_order(
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
    c_scope constant text := 'orders.complete_order';
    v_response jsonb;
    v_order orders.orders;
    v_open jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        if v_order.status <> 'completed' then
            select jsonb_agg(r.return_no order by r.return_no) into v_open
            from orders.order_returns as r
            where r.order_id = v_order.order_id
            and r.status in ('requested', 'approved', 'received');
            if v_open is not null and v_order.status = 'delivered' then
                perform orders.refuse_transition(
                    v_order, 'completed',
                    jsonb_build_object('legal', '[]'::jsonb, 'open_returns', v_open),
                    'Decide, receive and close the returns first.'
                );
            end if;
            v_order := orders.change_status(v_order, 'completed', null);
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

comment on function orders.complete_order(text, text) is
'Moves a delivered order to completed; does nothing where that was done. Whether the time for
returns is over is the caller''s to know; an open return keeps the order from it. Errors:
ILLEGAL_TRANSITION (with the legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.complete_order(text, text) to orders_editor;
