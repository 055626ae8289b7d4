-- Note that a parcel has arrived, or that all have that are on their way.
create or replace function orders.deliver_fulfillment(
    p_order_number text,
    p_fulfillment_no integer default null,
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
    c_scope constant text := 'orders.deliver_fulfillment';
    v_response jsonb;
    v_order orders.orders;
    v_parcel orders.order_fulfillment;
    v_moved orders.order_fulfillment;
    v_is_changed boolean := false;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'fulfillment_no', p_fulfillment_no
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        if p_fulfillment_no is not null then
            v_parcel := orders.find_fulfillment(v_order, p_fulfillment_no);
        end if;
        for v_moved in
            select f.*
            from orders.order_fulfillment as f
            where f.order_id = v_order.order_id
            and case when p_fulfillment_no is null then f.status in ('shipped', 'in_transit')
                else f.fulfillment_no = p_fulfillment_no and f.status <> 'delivered'
            end
            order by f.fulfillment_no
        loop
            v_moved := orders.move_fulfillment(v_moved, 'delivered');
            update orders.order_items as i
            set qty_delivered = i.qty_delivered + p.quantity
            from orders.fulfillment_items as p
            where p.order_id = v_order.order_id and p.fulfillment_no = v_moved.fulfillment_no
            and i.order_id = p.order_id and i.line_no = p.line_no;
            v_is_changed := true;
        end loop;
        if v_is_changed then
            v_order := orders.follow_fulfillment(v_order);
        elsif p_fulfillment_no is null and v_order.status not in ('delivered', 'completed') then
            perform orders.refuse_transition(v_order, 'delivered');
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

comment on function orders.deliver_fulfillment(text, integer, text) is
'Notes that a parcel that was sent has arrived; without its number, all that are on their way. The
order is delivered with the last one. Does nothing where that was done. Errors:
FULFILLMENT_NOT_FOUND, ILLEGAL_TRANSITION (with the legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.deliver_fulfillment(text, integer, text) to orders_editor;
