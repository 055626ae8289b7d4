-- Move a locked order to another state: its row, the next row of its history, and the event.
--
-- The times of the order are those of the history: one reading of the clock serves both.
create or replace function orders.change_status(
    p_order orders.orders, p_to text, p_reason text
)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now constant timestamptz := clock_timestamp();
    v_order orders.orders;
begin
    if p_to is null or p_to <> all (orders.next_statuses((p_order).status)) then
        perform orders.refuse_transition(p_order, p_to);
    end if;
    insert into orders.order_status_history (
        order_id, seq, from_status, to_status, reason, actor, request_id, created_at
    )
    values (
        (p_order).order_id, (p_order).status_seq + 1, (p_order).status, p_to, p_reason,
        core.actor(), core.request_id(), v_now
    );
    update orders.orders as o
    set
        status = p_to,
        status_seq = o.status_seq + 1,
        pending_slot = null,
        confirmed_at = case p_to when 'confirmed' then v_now else o.confirmed_at end,
        processing_at = case p_to when 'processing' then v_now else o.processing_at end,
        shipped_at = case p_to when 'shipped' then v_now else o.shipped_at end,
        delivered_at = case p_to when 'delivered' then v_now else o.delivered_at end,
        completed_at = case p_to when 'completed' then v_now else o.completed_at end,
        cancelled_at = case p_to when 'cancelled' then v_now else o.cancelled_at end,
        expired_at = case p_to when 'expired' then v_now else o.expired_at end,
        cancel_reason = case p_to when 'cancelled' then p_reason else o.cancel_reason end,
        version = o.version + 1,
        updated_at = v_now,
        updated_by = core.actor()
    where o.order_id = (p_order).order_id
    returning o.* into v_order;
    -- Counted by orders.roll_up_sales: here, every sale of a variant would wait for one row.
    insert into orders.sales_changes (order_id, credit_no, credits_before)
    select v_order.order_id, 0, v_order.credit_count
    where p_to = 'confirmed';
    perform events.emit(
        'order.' || p_to, 'order', array[v_order.order_id], array[v_order.status_seq::bigint],
        array[jsonb_build_object(
            'order_id', v_order.order_id, 'order_number', v_order.order_number,
            'user_id', v_order.user_id, 'from', (p_order).status, 'status', p_to,
            'seq', v_order.status_seq, 'currency', v_order.currency, 'total', v_order.total,
            'credit_total', v_order.credit_total
        )]
    );
    return v_order;
end;
$function$;

comment on function orders.change_status(orders.orders, text, text) is
'Moves a locked order to a state, with its history and event; returns it as it is now. Errors:
ILLEGAL_TRANSITION (with the legal ones).';
