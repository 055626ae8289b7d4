-- Which payment a provider's event is about, by whatever key the event has.
create or replace function payment.event_payment(p_provider text, p_event jsonb)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments;
begin
    if p_event ->> 'transaction' is not null then
        select p.* into v_payment
        from payment.payment_transactions as t
        inner join payment.payments as p
            on p.order_id = t.order_id and p.payment_id = t.payment_id
        where t.public_id = (p_event ->> 'transaction')::uuid and p.provider = p_provider;
    elsif p_event ->> 'payment' is not null then
        select p.* into v_payment
        from payment.payments as p
        where p.public_id = (p_event ->> 'payment')::uuid and p.provider = p_provider;
    else
        select p.* into v_payment
        from payment.payment_transactions as t
        inner join payment.payments as p
            on p.order_id = t.order_id and p.payment_id = t.payment_id
        where t.provider = p_provider
        and t.kind in ('authorize', 'capture')
        and t.provider_ref = p_event ->> 'original_ref'
        order by t.status = 'succeeded' desc, t.transaction_id desc
        limit 1;
    end if;
    return v_payment;
end;
$function$;

comment on function payment.event_payment(text, jsonb) is
'The payment of that provider that an event is about, not locked; null where it is not known
(yet).';
