-- Give a step that is under way to who asks for the same again, and to nobody else: what it was
-- asked for is what the provider may have done by now.
create or replace function payment.resume_step(
    p_payment payment.payments,
    p_transaction payment.payment_transactions,
    p_amount numeric,
    p_is_final boolean
)
returns payment.payment_transactions
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if (p_transaction).amount <> p_amount or (p_transaction).is_final <> p_is_final then
        perform core.refuse('SHM05', jsonb_build_object(
            'payment', (p_payment).public_id, 'transaction', (p_transaction).public_id,
            'status', (p_payment).status, 'claimed_until', (p_transaction).claimed_until
        ));
    elsif (p_transaction).status = 'timed_out'
    or (p_transaction).claimed_until <= clock_timestamp() then
        return payment.retry_step(p_payment, p_transaction);
    end if;
    return p_transaction;
end;
$function$;

comment on function payment.resume_step(
    payment.payments, payment.payment_transactions, numeric, boolean
) is
'A capture or void that is under way, claimed anew where its time is over. Errors:
PAYMENT_IN_PROGRESS (it is another one that is asked for).';
