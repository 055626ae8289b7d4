-- A step whose outcome is not known is begun again as what it was: the same row, and so the same
-- key at the provider, who then does it once.
create or replace function payment.claim_again(p_transaction payment.payment_transactions)
returns payment.payment_transactions
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction payment.payment_transactions;
begin
    update payment.payment_transactions as t
    set
        status = 'pending',
        attempts = t.attempts + 1,
        claimed_until = payment.claim_until(),
        error_code = null,
        error_reason = null
    where t.order_id = p_transaction.order_id
    and t.transaction_id = p_transaction.transaction_id
    returning t.* into v_transaction;
    return v_transaction;
end;
$function$;

comment on function payment.claim_again(payment.payment_transactions) is
'Claims a step of a locked payment anew, for another while; returns it as it is now.';
