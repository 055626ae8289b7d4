-- Take up captures, voids and refunds that somebody has begun and nobody has ended: a worker died,
-- or the provider never answered.
--
-- No outcome is assumed. A step keeps its row, and with it the key at the provider, who does once
-- what is asked for twice; it is due again after payment_claim_minutes, until somebody records what
-- came of it. Orders in use are left for the next time, so that nobody is waited for.
create or replace function payment.claim_overdue_steps(p_limit integer default 100)
returns table (
    transaction uuid,
    kind text,
    order_number text,
    payment uuid,
    refund uuid,
    amount numeric,
    currency text,
    is_final boolean,
    provider text,
    original_ref text,
    attempts integer,
    claimed_until timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_due record;
    v_payment payment.payments;
    v_transaction payment.payment_transactions;
begin
    if p_limit is null or p_limit not between 1 and 10000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of steps from 1 to 10000'
        ));
    end if;
    for v_due in
        select t.order_id, t.payment_id, t.transaction_id
        from payment.payment_transactions as t
        where t.status in ('pending', 'timed_out') and t.kind <> 'authorize'
        and t.claimed_until <= statement_timestamp()
        order by t.claimed_until
        limit p_limit
    loop
        select o.order_number into order_number
        from orders.orders as o
        where o.order_id = v_due.order_id
        for no key update skip locked;
        continue when not found;
        v_payment := payment.lock_payment(v_due.order_id, v_due.payment_id);
        -- As it is now: somebody may have ended it, or taken it up.
        select t.* into v_transaction
        from payment.payment_transactions as t
        where t.order_id = v_due.order_id and t.transaction_id = v_due.transaction_id
        and t.status in ('pending', 'timed_out') and t.claimed_until <= clock_timestamp();
        continue when not found;
        v_transaction := payment.retry_step(v_payment, v_transaction);
        transaction := v_transaction.public_id;
        kind := v_transaction.kind;
        payment := v_payment.public_id;
        refund := (
            select r.public_id
            from payment.refunds as r
            where r.order_id = v_transaction.order_id and r.refund_id = v_transaction.refund_id
        );
        amount := v_transaction.amount;
        currency := v_payment.currency;
        is_final := v_transaction.is_final;
        provider := v_transaction.provider;
        original_ref := case v_transaction.kind
            when 'refund' then payment.capture_ref(v_payment)
            else payment.authorization_ref(v_payment)
        end;
        attempts := v_transaction.attempts;
        claimed_until := v_transaction.claimed_until;
        return next;
    end loop;
end;
$function$;

comment on function payment.claim_overdue_steps(integer) is
'Claims anew up to p_limit (1 to 10,000) captures, voids and refunds whose outcome nobody has
recorded before claimed_until, the longest overdue first, and voids that were requested. Commit, ask
the provider with each transaction as its idempotency key (original_ref is what it calls the
authorisation or, for a refund, the capture), then call payment.record_capture, payment.record_void
or payment.record_refund. Orders in use are left out. Errors: INVALID_ARGUMENT. Replica: no
(writes).';
grant execute on function payment.claim_overdue_steps(integer) to payment_editor;
