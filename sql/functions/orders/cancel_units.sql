-- Cancel units of a locked order. With the last ones the order is cancelled, or, where others were
-- sent and are outside or have arrived, is shipped.
--
-- The stock goes before the money: an order that is covered by what is left is confirmed, and then
-- consumes all that it still holds. Where others have taken some of that, it waits for the sweeper:
-- stock that is given back is locked by now.
create or replace function orders.cancel_units(
    p_order orders.orders, p_items jsonb, p_reason text
)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders := p_order;
    v_line_nos integer[];
    v_variant_ids bigint[];
    v_quantities integer[];
begin
    if v_order.status not in ('pending', 'confirmed', 'processing') then
        perform orders.refuse_transition(v_order, 'cancelled');
    end if;
    select array_agg(c.line_no), array_agg(c.variant_id), array_agg(c.quantity)
    into v_line_nos, v_variant_ids, v_quantities
    from (
        select l.line_no, l.variant_id, sum(l.quantity)::integer as quantity
        from orders.choose_lines(v_order, p_items, orders.open_units(v_order.order_id)) as l
        group by l.line_no, l.variant_id
        order by l.line_no
    ) as c;
    if 'cancelled' = any (orders.legal_moves(v_order)) and not exists (
        select
        from orders.order_items as i
        where i.order_id = v_order.order_id
        and i.qty_cancelled + i.qty_shipped + coalesce(
            v_quantities[array_position(v_line_nos, i.line_no)], 0
        ) < i.quantity
    ) then
        return orders.kill_order(v_order, 'cancelled', p_reason);
    end if;

    update orders.order_items as i
    set qty_cancelled = i.qty_cancelled + u.quantity
    from unnest(v_line_nos, v_quantities) as u (line_no, quantity)
    where i.order_id = v_order.order_id and i.line_no = u.line_no;
    v_order := orders.credit_units(
        v_order, v_line_nos, v_quantities, false, coalesce(p_reason, 'cancelled')
    );
    v_order := orders.follow_fulfillment(v_order);
    if p_order.status = 'pending' then
        perform inventory.shrink_holds(
            'order:' || v_order.order_id, array_agg(n.variant_id), array_agg(n.quantity)
        )
        from (
            select i.variant_id, sum(i.quantity - i.qty_cancelled)::integer as quantity
            from orders.order_items as i
            where i.order_id = v_order.order_id
            group by i.variant_id
        ) as n;
    else
        perform inventory.cancel_holds(inventory.draw_order_holds(
            v_order.order_id, v_variant_ids, v_quantities, null
        ));
    end if;
    perform payment.adjust_to_due(v_order.order_id, 'cancelled');
    return orders.record_money(v_order.order_id, false);
end;
$function$;

comment on function orders.cancel_units(orders.orders, jsonb, text) is
'Cancels units of lines of a locked order, with their stock, credit and money; returns it as it is
now. Errors: those of orders.cancel_order.';
