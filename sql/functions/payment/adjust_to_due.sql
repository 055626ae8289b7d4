-- Give back what a locked order has beyond what is due of it. However often it is called, the same
-- money goes back once: what is on its way back no longer counts.
--
-- Refunds of goodwill are a present. What is credited later is refunded beside them, as far as
-- there is money left, and not set off against them. What a bank has taken back is gone; it comes
-- back into the sum when the dispute is won.
create or replace function payment.adjust_to_due(p_order_id bigint, p_reason text)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_reasons constant text[] := array[
        'requested_by_customer', 'returned', 'cancelled', 'duplicate', 'surplus', 'goodwill',
        'fraudulent', 'order_dead', 'other'
    ];
    v_is_dead boolean;
    v_due numeric;
    v_kept numeric;
    v_amount numeric;
    v_payment payment.payments;
begin
    select
        o.status in ('cancelled', 'expired'),
        case when o.status in ('cancelled', 'expired') then 0 else o.total - o.credit_total end
    into v_is_dead, v_due
    from orders.orders as o
    where o.order_id = p_order_id;

    -- What a bank contests goes before: it has taken more than was there at that time.
    perform payment.count_disputes(d.order_id, d.payment_id)
    from payment.payment_disputes as d
    where d.order_id = p_order_id and d.counted < d.amount
    and d.status in ('needs_response', 'under_review', 'lost');

    select sum(p.captured - p.charged_back - p.refunded - p.refund_pending + coalesce(r.amount, 0))
    into v_kept
    from payment.payments as p
    left join (
        select g.payment_id, sum(g.amount) as amount
        from payment.refunds as g
        where g.order_id = p_order_id and g.reason_code = 'goodwill'
        and g.status in ('requested', 'approved', 'processing', 'succeeded')
        group by g.payment_id
    ) as r on r.payment_id = p.payment_id
    where p.order_id = p_order_id;
    if v_kept is null then
        return;
    end if;

    -- The newest first: of two payments for the same thing it is the second one that was too much.
    for v_payment in
        select p.*
        from payment.payments as p
        where p.order_id = p_order_id and payment.refundable(p) > 0
        order by p.payment_id desc
    loop
        v_amount := least(v_kept - v_due, payment.refundable(v_payment));
        if v_amount > 0 then
            perform payment.open_refund(
                v_payment, v_amount,
                case
                    when p_reason = any (c_reasons) then p_reason
                    when v_is_dead then 'order_dead'
                    else 'surplus'
                end,
                null, 'approved'
            );
            v_kept := v_kept - v_amount;
        end if;
    end loop;

    -- What is authorised is let go as a whole, once nothing of it is needed: what a capture leaves
    -- of it goes with the last capture.
    v_due := v_due - v_kept;
    for v_payment in
        select p.*
        from payment.payments as p
        where p.order_id = p_order_id and p.authorized > p.captured
        order by p.payment_id
    loop
        v_amount := payment.uncaptured(v_payment);
        if v_due > 0 then
            -- A capture that is under way will be there; what a void has taken will not.
            select v_due - v_amount - coalesce(sum(t.amount), 0)
            into v_due
            from payment.payment_transactions as t
            where t.order_id = p_order_id and t.payment_id = v_payment.payment_id
            and t.kind = 'capture' and t.status in ('pending', 'timed_out');
        elsif v_amount > 0 then
            perform payment.open_void(v_payment, v_amount, p_reason);
        end if;
    end loop;
end;
$function$;

comment on function payment.adjust_to_due(bigint, text) is
'Voids what is authorised and refunds what was captured beyond the total of a locked order less its
credits, or all of it for a cancelled or expired one. The reason is one of a
refund; anything else is a surplus, or that the order is dead.';
