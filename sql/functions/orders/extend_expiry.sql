-- Keep a pending order, and what it holds, while a payment is under way.
create or replace function orders.extend_expiry(p_order orders.orders, p_until timestamptz)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders := p_order;
begin
    if (p_order).status <> 'pending' then
        return p_order;
    end if;
    if (p_order).expires_at < p_until then
        update orders.orders as o
        set
            expires_at = p_until,
            version = o.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where o.order_id = (p_order).order_id
        returning o.* into v_order;
        perform events.emit(
            'order.extended', 'order', array[v_order.order_id], array[v_order.version],
            array[jsonb_build_object(
                'order_id', v_order.order_id, 'order_number', v_order.order_number,
                'expires_at', p_until, 'version', v_order.version
            )]
        );
    end if;
    perform inventory.extend_order_holds(
        v_order.order_id,
        array(
            select i.variant_id from orders.order_items as i
            where i.order_id = v_order.order_id
        ),
        p_until
    );
    return v_order;
end;
$function$;

comment on function orders.extend_expiry(orders.orders, timestamptz) is
'Makes a locked, pending order and its holds end at a time, none earlier than before; does nothing
to another order. Returns it as it is now.';
