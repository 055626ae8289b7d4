-- Cancel an order, or units of it that have not been sent.
--
-- The lines stay as they were sold: a credit says what is no longer due, and payment.adjust_to_due
-- gives back what was paid beyond it. Units that are packed are cancelled with the whole order, or
-- once their parcel is given up.
create or replace function orders.cancel_order(
    p_order_number text,
    p_items jsonb default null,
    p_reason text default null,
    p_owner text default null,
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
    c_scope constant text := 'orders.cancel_order';
    v_response jsonb;
    v_order orders.orders;
begin
    perform payment.check_words('p_reason', p_reason, 500) where p_reason is not null;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'items', p_items, 'reason', p_reason,
        'owner', p_owner
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number, p_owner);
        if p_items is null then
            v_order := orders.kill_order(v_order, 'cancelled', p_reason);
        else
            v_order := orders.cancel_units(v_order, p_items, p_reason);
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

comment on function orders.cancel_order(text, jsonb, text, text, text) is
'Cancels an order of which nothing has been sent, or units of it: an array of objects {"sku" or
"line_no", "quantity"} (all that is open, without a quantity); with an owner (user:<number> or
session:<token>), only that owner''s. Their stock is available again, they are credited, and what
was paid for them goes back; shipping is credited with the last of them, if nothing was sent.
Returns the order, and does nothing where it was cancelled. Errors: ILLEGAL_TRANSITION (with the
legal ones), ORDER_LINE_NOT_FOUND, ORDER_QUANTITY_EXCEEDED, ORDER_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.cancel_order(text, jsonb, text, text, text) to orders_service;
