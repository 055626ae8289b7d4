-- Announce that units will come back.
create or replace function orders.request_return(
    p_order_number text,
    p_items jsonb,
    p_reason text,
    p_owner text default null,
    p_comment text default null,
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
    c_scope constant text := 'orders.request_return';
    v_response jsonb;
    v_order orders.orders;
    v_now constant timestamptz := clock_timestamp();
    v_open jsonb;
    v_line_nos integer[];
    v_quantities integer[];
    v_return orders.order_returns;
begin
    perform payment.check_words('p_reason', p_reason, 500);
    if length(p_comment) not between 1 and 2000 or payment.holds_card_data(p_comment) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_comment', 'expected', 'text of 1 to 2000 characters without card data'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'items', p_items, 'reason', p_reason, 'comment', p_comment,
        'owner', p_owner
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number, p_owner);
        select jsonb_object_agg(
            i.line_no, i.qty_delivered - i.qty_return_requested - coalesce((
                select sum(r.qty_restocked + r.qty_damaged + r.qty_written_off)
                from orders.return_items as r
                where r.order_id = i.order_id and r.line_no = i.line_no
            ), 0)
        )
        into v_open
        from orders.order_items as i
        where i.order_id = v_order.order_id;
        select array_agg(c.line_no), array_agg(c.quantity)
        into v_line_nos, v_quantities
        from orders.choose_lines(v_order, p_items, v_open) as c;
        if v_line_nos is null then
            perform core.refuse('SHO32', jsonb_build_object(
                'order_number', v_order.order_number, 'open', 0
            ));
        end if;
        insert into orders.order_returns as r (
            order_id, return_no, status, reason, comment, requested_by, requested_at, updated_at,
            updated_by
        )
        select
            v_order.order_id, coalesce(max(o.return_no), 0) + 1, 'requested', p_reason, p_comment,
            core.actor(), v_now, v_now, core.actor()
        from orders.order_returns as o
        where o.order_id = v_order.order_id
        returning r.* into v_return;
        insert into orders.return_items (order_id, return_no, line_no, quantity)
        select v_order.order_id, v_return.return_no, u.line_no, sum(u.quantity)
        from unnest(v_line_nos, v_quantities) as u (line_no, quantity)
        group by u.line_no;
        update orders.order_items as i
        set qty_return_requested = i.qty_return_requested + r.quantity
        from orders.return_items as r
        where r.order_id = v_order.order_id and r.return_no = v_return.return_no
        and i.order_id = r.order_id and i.line_no = r.line_no;
        perform orders.emit_return(v_return);
        v_order := orders.touch_order(v_order.order_id);
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

comment on function orders.request_return(text, jsonb, text, text, text, text) is
'Announces the return of units that have arrived: an array of objects {"sku" or "line_no",
"quantity"} (all that is open, without a quantity; null for all of the order), with a reason (1 to
500 characters) and, if one likes, a comment (to 2,000); with an owner (user:<number> or
session:<token>), of that owner''s order only. Returns the number of the return, which waits for
orders.decide_return. Errors: ORDER_QUANTITY_EXCEEDED, ORDER_LINE_NOT_FOUND, ORDER_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.request_return(text, jsonb, text, text, text, text)
to orders_service;
