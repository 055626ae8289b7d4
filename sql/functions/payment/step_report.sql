-- What a step and its payment have come to, as the functions that take a step or record its outcome
-- return it.
create or replace function payment.step_report(p_order_id bigint, p_transaction_id bigint)
returns jsonb
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'payment', p.public_id,
    'transaction', t.public_id,
    'kind', t.kind,
    'transaction_status', t.status,
    'amount', t.amount,
    'currency', p.currency,
    'provider', p.provider,
    'provider_ref', t.provider_ref,
    'claimed_until', t.claimed_until,
    'status', p.status,
    'authorized', p.authorized,
    'captured', p.captured,
    'error', case
        when t.status in ('failed', 'timed_out') and coalesce(t.error_code, '')
        not in ('nothing_left', 'already_recorded')
        then 'PAYMENT_FAILED'
    end,
    'reason', t.error_code,
    'message', t.error_reason,
    'can_retry', case t.kind
        when 'authorize' then t.status in ('failed', 'timed_out')
        and o.status not in ('cancelled', 'expired')
        and coalesce(payment.attempts_left(o.order_id) > 0, true)
        else t.status = 'timed_out' or t.status = 'failed' and p.authorized > p.captured
    end,
    'attempts_left', payment.attempts_left(o.order_id),
    'order_number', o.order_number,
    'order_status', o.status,
    'payment_status', o.payment_status,
    'expires_at', case o.status when 'pending' then o.expires_at end,
    'version', p.version
)
from payment.payment_transactions as t
inner join payment.payments as p on p.order_id = t.order_id and p.payment_id = t.payment_id
inner join orders.orders as o on o.order_id = t.order_id
where t.order_id = p_order_id and t.transaction_id = p_transaction_id
$function$;

comment on function payment.step_report(bigint, bigint) is
'A step, its payment and its order as one object. An outcome that is no success has the error
PAYMENT_FAILED, the provider''s reason, and whether another try makes sense.';
