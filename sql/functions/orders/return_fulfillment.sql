-- Take back a parcel that failed. The customer never had its units, so all of them are credited,
-- also those that are lost.
create or replace function orders.return_fulfillment(
    p_order_number text,
    p_fulfillment_no integer,
    p_items jsonb default null,
    p_location text default null,
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
    c_scope constant text := 'orders.return_fulfillment';
    v_response jsonb;
    v_order orders.orders;
    v_parcel orders.order_fulfillment;
    v_open jsonb;
    v_fate jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'fulfillment_no', p_fulfillment_no, 'items', p_items,
        'location', p_location
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        v_parcel := orders.find_fulfillment(v_order, p_fulfillment_no);
        if v_parcel.status <> 'returned' then
            v_parcel := orders.move_fulfillment(v_parcel, 'returned');
            select jsonb_object_agg(p.line_no, p.quantity)
            into v_open
            from orders.fulfillment_items as p
            where p.order_id = v_order.order_id and p.fulfillment_no = p_fulfillment_no;
            v_fate := orders.read_fates(v_order, p_items, v_open);
            -- What nobody names is lost.
            update orders.order_items as i
            set
                qty_returned = i.qty_returned + p.quantity,
                qty_written_off = i.qty_written_off + p.quantity
                    - coalesce((v_fate -> i.line_no::text ->> 'restock')::integer, 0)
                    - coalesce((v_fate -> i.line_no::text ->> 'damaged')::integer, 0)
            from orders.fulfillment_items as p
            where p.order_id = v_order.order_id and p.fulfillment_no = p_fulfillment_no
            and i.order_id = p.order_id and i.line_no = p.line_no;
            v_order := orders.credit_units(
                v_order,
                array(select o.key::integer from jsonb_each_text(v_open) as o order by 1),
                array(
                    select o.value::integer
                    from jsonb_each_text(v_open) as o
                    order by o.key::integer
                ),
                false, 'undelivered'
            );
            v_order := orders.follow_fulfillment(v_order);
            perform payment.adjust_to_due(v_order.order_id, 'returned');
            v_order := orders.record_money(v_order.order_id);
            perform orders.restock(
                v_order, v_fate, coalesce(p_location, v_parcel.location), 'P' || p_fulfillment_no
            );
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

comment on function orders.return_fulfillment(text, integer, jsonb, text, text) is
'Takes a failed parcel back: an array of objects {"sku" or "line_no", "quantity", "disposition"},
where the disposition is restock (for sale again, the default), damaged (there, not for sale) or
written_off; units that are not named are lost; null puts all of them back. They go to the location
named, else to the one that they came from, and all of them are credited. An order of which every
parcel has come back is cancelled. Does nothing where that was done. Errors: FULFILLMENT_NOT_FOUND,
ORDER_LINE_NOT_FOUND, ORDER_QUANTITY_EXCEEDED, STOCK_CEILING_EXCEEDED, LOCATION_NOT_FOUND,
ILLEGAL_TRANSITION (with the legal ones), ORDER_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.return_fulfillment(text, integer, jsonb, text, text)
to orders_editor;
