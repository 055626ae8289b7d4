-- Take in what came back of an approved return: what becomes of the units, and which are credited.
--
-- Units that were announced and did not come may be announced again.
create or replace function orders.receive_return(
    p_order_number text,
    p_return_no integer,
    p_items jsonb default null,
    p_location text default null,
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
    c_scope constant text := 'orders.receive_return';
    v_response jsonb;
    v_order orders.orders;
    v_return orders.order_returns;
    v_open jsonb;
    v_fate jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'return_no', p_return_no, 'items', p_items,
        'location', p_location
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        v_return := orders.find_return(v_order, p_return_no);
        if v_return.received_at is null then
            v_return := orders.move_return(v_order, v_return, 'received', null);
            select jsonb_object_agg(r.line_no, r.quantity)
            into v_open
            from orders.return_items as r
            where r.order_id = v_order.order_id and r.return_no = p_return_no;
            v_fate := orders.read_fates(v_order, p_items, v_open);
            perform orders.free_return(v_return);
            update orders.return_items as r
            set
                qty_restocked = (f.value ->> 'restock')::integer,
                qty_damaged = (f.value ->> 'damaged')::integer,
                qty_written_off = (f.value ->> 'written_off')::integer
            from jsonb_each(v_fate) as f
            where r.order_id = v_order.order_id and r.return_no = p_return_no
            and r.line_no = f.key::integer;
            update orders.order_items as i
            set
                qty_returned = i.qty_returned + r.qty_restocked + r.qty_damaged + r.qty_written_off,
                qty_written_off = i.qty_written_off + r.qty_written_off
            from orders.return_items as r
            where r.order_id = v_order.order_id and r.return_no = p_return_no
            and i.order_id = r.order_id and i.line_no = r.line_no;
            v_order := orders.credit_units(
                v_order,
                array(select f.key::integer from jsonb_each(v_fate) as f order by 1),
                array(
                    select (f.value ->> 'credited')::integer
                    from jsonb_each(v_fate) as f
                    order by f.key::integer
                ),
                false, v_return.reason
            );
            v_order := orders.note_fulfillment(v_order);
            perform payment.adjust_to_due(v_order.order_id, 'returned');
            v_order := orders.record_money(v_order.order_id);
            perform orders.restock(v_order, v_fate, p_location, 'R' || p_return_no);
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

comment on function orders.receive_return(text, integer, jsonb, text, text) is
'Takes in an approved return: an array of objects {"sku" or "line_no", "quantity", "disposition",
"credited"}, where the disposition is restock (for sale again, the default), damaged (there, not
for sale) or written_off (it is gone), and credited is how many of the units the customer is
credited (all, without it); null puts everything announced back. They go to the location named,
else to the best-ranked one, each SKU with one movement. What was paid for credited units goes
back. Does nothing where that was done. Errors: RETURN_NOT_FOUND, ORDER_LINE_NOT_FOUND,
ORDER_QUANTITY_EXCEEDED, STOCK_CEILING_EXCEEDED, LOCATION_NOT_FOUND, ILLEGAL_TRANSITION (with the
legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.receive_return(text, integer, jsonb, text, text) to orders_editor;
