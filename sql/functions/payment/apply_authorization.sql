-- Apply what a provider says about an authorisation, however often and in whatever order it says
-- it.
--
-- The step, its payment and its order are locked. A success counts whenever it comes, since the
-- money is real; nothing takes back a success but a void or an expiry.
create or replace function payment.apply_authorization(
    p_transaction payment.payment_transactions,
    p_outcome text,
    p_provider_ref text,
    p_amount numeric,
    p_error_code text,
    p_error_reason text,
    p_expires_at timestamptz,
    p_is_final boolean,
    out verdict text,
    out reason text
)
returns record
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders;
    v_payment payment.payments := payment.lock_payment(
        (p_transaction).order_id, (p_transaction).payment_id
    );
    v_transaction payment.payment_transactions := p_transaction;
    v_other payment.payment_transactions;
    v_is_final boolean;
begin
    verdict := 'applied';
    if p_outcome in ('approved', 'captured') then
        v_other := payment.find_booked(v_payment.provider, 'authorize', p_provider_ref);
        if v_other.transaction_id is not null
        and (v_other.order_id, v_other.payment_id)
        is distinct from (v_payment.order_id, v_payment.payment_id) then
            verdict := 'refused';
            reason := 'the reference belongs to another payment';
            return;
        elsif v_other.transaction_id is not null
        or v_transaction.status = 'succeeded' and p_provider_ref is null then
            verdict := 'ignored';
            reason := 'recorded already';
        else
            if v_transaction.status = 'succeeded' then
                -- The provider has authorised twice. The surplus is given up below.
                v_transaction := null;
            end if;
            v_payment := payment.book_authorization(
                v_payment, v_transaction, coalesce(p_amount, (p_transaction).amount),
                p_provider_ref, p_expires_at
            );
        end if;
        if p_outcome = 'captured' then
            v_other := payment.find_booked(v_payment.provider, 'capture', p_provider_ref);
            if v_other.transaction_id is null then
                perform payment.book_capture(
                    v_payment, null, coalesce(p_amount, (p_transaction).amount), p_provider_ref,
                    false
                );
                verdict := 'applied';
                reason := null;
            end if;
        end if;
        if verdict = 'applied' then
            perform payment.settle_order(v_payment.order_id, 'surplus');
        end if;
        return;
    end if;

    if v_transaction.status in ('succeeded', 'failed') or v_transaction.status = 'timed_out'
    and p_outcome = 'timed_out' then
        -- Whoever waited in vain may say so late. A decline after a success is another matter.
        verdict := case
            when v_transaction.status = 'succeeded' and p_outcome in ('declined', 'failed')
            then 'refused'
            else 'ignored'
        end;
        reason := 'the authorisation has ' || replace(v_transaction.status, '_', ' ')
            || ' already';
        return;
    end if;

    v_order := orders.lock_order(v_payment.order_id);
    if p_outcome in ('requires_action', 'processing') then
        update payment.payment_transactions as t
        set
            status = 'pending',
            claimed_until = payment.claim_until(),
            provider_ref = coalesce(p_provider_ref, t.provider_ref)
        where t.order_id = v_transaction.order_id
        and t.transaction_id = v_transaction.transaction_id
        returning t.* into v_transaction;
        v_payment.phase := p_outcome;
        perform payment.write_payment(
            v_payment, 'payment.' || p_outcome,
            jsonb_build_object('transaction', v_transaction.public_id)
        );
        if v_order.status = 'pending' then
            perform orders.extend_expiry(v_order, v_transaction.claimed_until);
        end if;
        return;
    end if;

    v_is_final := coalesce(p_is_final, false)
        or coalesce(payment.attempts_left(v_payment.order_id) = 0, false);
    v_transaction := payment.close_transaction(
        v_transaction,
        case when p_outcome = 'timed_out' and not v_is_final then 'timed_out' else 'failed' end,
        null, p_provider_ref, coalesce(payment.clean_text(p_error_code, 100), p_outcome),
        payment.clean_text(p_error_reason, 500)
    );
    if v_transaction.status = 'failed' then
        v_payment.phase := 'failed';
    end if;
    perform payment.write_payment(
        v_payment,
        'payment.' || case v_transaction.status when 'failed' then 'failed' else 'timed_out' end,
        jsonb_build_object(
            'transaction', v_transaction.public_id, 'error_code', v_transaction.error_code,
            'is_final', v_is_final
        )
    );
    if v_is_final and v_order.status = 'pending' then
        perform orders.kill_order(v_order, 'cancelled', 'payment_failed');
    else
        perform orders.record_money(v_payment.order_id);
    end if;
end;
$function$;

comment on function payment.apply_authorization(
    payment.payment_transactions, text, text, numeric, text, text, timestamptz, boolean
) is
'Records an outcome (approved, captured, declined, failed, timed_out, requires_action, processing)
of a locked authorisation. The verdict is applied, ignored (it says nothing new) or refused (it
contradicts what is known), the last two with a reason.';
