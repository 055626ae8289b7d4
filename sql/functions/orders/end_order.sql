-- End an order without its stock: what kill_order and the sweeper share.
--
-- Parcels that are packed are unpacked. A cancelled order credits all that was not credited yet;
-- one that has expired does not, because money that arrives late may bring it back to life as it
-- was. The holds come last, and come back for the caller to credit, after the last other lock.
create or replace function orders.end_order(
    p_order orders.orders,
    p_status text,
    p_reason text,
    out ended orders.orders,
    out holds inventory.inventory_reservations[]
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_line_nos integer[];
    v_quantities integer[];
    v_variant_ids bigint[];
begin
    ended := p_order;
    -- Before anything is written: an illegal one is refused with the legal ones.
    if p_status <> all (orders.legal_moves(p_order)) then
        perform orders.refuse_transition(p_order, p_status);
    end if;
    select
        array_agg(i.variant_id order by i.line_no),
        array_agg(i.line_no order by i.line_no)
        filter (where i.quantity > i.qty_cancelled + i.qty_shipped),
        array_agg(i.quantity - i.qty_cancelled - i.qty_shipped order by i.line_no)
        filter (where i.quantity > i.qty_cancelled + i.qty_shipped)
    into v_variant_ids, v_line_nos, v_quantities
    from orders.order_items as i
    where i.order_id = (p_order).order_id;

    if p_status = 'cancelled' then
        perform orders.move_fulfillment(f, 'cancelled')
        from orders.order_fulfillment as f
        where f.order_id = (p_order).order_id and f.status in ('pending', 'packed');
        update orders.order_items as i
        set qty_cancelled = i.quantity - i.qty_shipped
        where i.order_id = (p_order).order_id
        and i.quantity > i.qty_cancelled + i.qty_shipped;
        ended := orders.credit_units(
            ended, v_line_nos, v_quantities, true, coalesce(p_reason, 'cancelled')
        );
        ended := orders.note_fulfillment(ended);
    end if;
    ended := orders.change_status(ended, p_status, p_reason);
    perform payment.adjust_to_due(
        (p_order).order_id, case p_status when 'cancelled' then 'cancelled' else 'order_dead' end
    );
    -- Less is due: what was a part of the money is all of it now. An order that is cancelled stays
    -- so.
    perform orders.record_money((p_order).order_id)
    where p_status = 'cancelled';
    holds := inventory.close_order_holds(
        (p_order).order_id, v_variant_ids,
        case p_status when 'expired' then 'expired' else 'released' end
    );
end;
$function$;

comment on function orders.end_order(orders.orders, text, text) is
'Cancels or expires a locked order: parcels, credits, status, money, holds; returns it, and the
holds as they were. Errors: ILLEGAL_TRANSITION.';
