-- Let the state of a locked order follow what became of its units: to processing with the first
-- that leave, to shipped with the last, to delivered when no parcel is outside any more. Where all
-- of them came back without having arrived, nothing was sold: the order is cancelled.
create or replace function orders.follow_fulfillment(p_order orders.orders)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders := orders.note_fulfillment(p_order);
    v_lines record;
    v_parcels record;
begin
    select
        sum(i.qty_shipped) > 0 as is_begun,
        sum(i.qty_shipped + i.qty_cancelled) = sum(i.quantity) as is_all
    into v_lines
    from orders.order_items as i
    where i.order_id = v_order.order_id;
    if v_lines.is_begun and v_lines.is_all and v_order.status in ('confirmed', 'processing') then
        v_order := orders.change_status(v_order, 'shipped', null);
    elsif v_lines.is_begun and v_order.status = 'confirmed' then
        v_order := orders.change_status(v_order, 'processing', null);
    end if;

    if v_order.status = 'shipped' then
        select
            count(*) filter (where f.status in ('shipped', 'in_transit', 'failed')) as outside,
            count(*) filter (where f.status = 'delivered') as delivered
        into v_parcels
        from orders.order_fulfillment as f
        where f.order_id = v_order.order_id;
        if v_parcels.outside = 0 and v_parcels.delivered > 0 then
            v_order := orders.change_status(v_order, 'delivered', null);
        elsif v_parcels.outside = 0 then
            v_order := orders.kill_order(v_order, 'cancelled', 'every parcel came back');
        end if;
    end if;
    return v_order;
end;
$function$;

comment on function orders.follow_fulfillment(orders.orders) is
'Brings fulfillment_status and status of a locked order up to date with its lines and parcels;
returns it as it is now.';
