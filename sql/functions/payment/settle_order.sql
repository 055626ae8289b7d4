-- Let an order and its money catch up with each other, after money has come or gone.
create or replace function payment.settle_order(p_order_id bigint, p_reason text)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Money that one dispute has given back may be what another one could not take.
    perform payment.count_disputes(d.order_id, d.payment_id)
    from payment.payment_disputes as d
    where d.order_id = p_order_id and d.counted < d.amount
    and d.status in ('needs_response', 'under_review', 'lost');
    -- The order first: it may be confirmed, or come back to life, and then keeps its money.
    perform orders.record_money(p_order_id);
    perform payment.adjust_to_due(p_order_id, p_reason);
end;
$function$;

comment on function payment.settle_order(bigint, text) is
'Tells a locked order what its payments come to, then gives up or gives back what is too much.';
