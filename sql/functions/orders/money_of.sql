-- What the payments of an order come to. What is being voided does not count as covering it.
create or replace function orders.money_of(
    p_order_id bigint,
    out authorized numeric,
    out captured numeric,
    out refunded numeric,
    out charged_back numeric,
    out covered numeric
)
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select
    coalesce(sum(p.authorized), 0),
    coalesce(sum(p.captured), 0),
    coalesce(sum(p.refunded), 0),
    coalesce(sum(p.charged_back), 0),
    coalesce(sum(p.authorized - p.refunded - p.refund_pending - p.charged_back), 0) - (
        select coalesce(sum(t.amount), 0)
        from payment.payment_transactions as t
        where t.order_id = p_order_id and t.kind = 'void' and t.status in ('pending', 'timed_out')
    )
from payment.payments as p
where p.order_id = p_order_id;
$function$;

comment on function orders.money_of(bigint) is
'What is authorised, captured, refunded and charged back of all payments of an order, and how much
of it is there to cover the order: authorised, not given back, nor about to be.';
