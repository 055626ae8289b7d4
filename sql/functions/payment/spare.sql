-- What of the authorised money of a locked order nobody needs: only that is given up by hand.
create or replace function payment.spare(p_order orders.orders)
returns numeric
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select coalesce(sum(p.authorized - v.voiding), 0) - case
    when (p_order).status in ('pending', 'cancelled', 'expired') then 0
    else (p_order).total - (p_order).credit_total
end
from payment.payments as p
cross join lateral (
    select coalesce(sum(t.amount), 0) as voiding
    from payment.payment_transactions as t
    where t.order_id = p.order_id
    and t.payment_id = p.payment_id
    and t.kind = 'void'
    and t.status in ('pending', 'timed_out')
) as v
where p.order_id = (p_order).order_id
$function$;

comment on function payment.spare(orders.orders) is
'What is authorised for an order, and not being voided, beyond what is due of it; of one that is
pending, cancelled or expired, all of it.';
