-- Apply what an event of a provider says about a refund. One that nobody here has asked for (it was
-- made at the provider's own site) is booked as well: the money is gone.
create or replace function payment.apply_refund_event(
    p_event jsonb,
    p_provider text,
    out verdict text,
    out reason text,
    out order_id bigint
)
returns record
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_outcome constant text := split_part(p_event ->> 'kind', '.', 2);
    v_ref constant text := p_event ->> 'provider_ref';
    v_amount constant numeric := (p_event ->> 'amount')::numeric;
    v_transaction payment.payment_transactions;
    v_payment payment.payments;
    v_refund payment.refunds;
    v_result record;
begin
    if v_outcome not in ('succeeded', 'failed', 'pending', 'timed_out', 'reversed') then
        verdict := 'ignored';
        reason := 'an event of this kind changes nothing';
        return;
    end if;
    v_transaction := payment.event_refund(p_provider, p_event);
    if v_transaction.transaction_id is not null then
        order_id := v_transaction.order_id;
        v_transaction := payment.find_transaction(v_transaction.public_id, 'refund');
        v_payment := payment.lock_payment(order_id, v_transaction.payment_id);
        if not payment.is_amount_of(p_event, v_payment.currency) then
            verdict := 'refused';
            reason := 'its currency or decimals are not those of the payment';
            return;
        elsif v_outcome <> 'reversed' then
            v_result := payment.apply_refund(
                v_transaction, v_outcome, v_ref, v_amount, p_event ->> 'error_code',
                p_event ->> 'error_reason'
            );
            verdict := v_result.verdict;
            reason := v_result.reason;
            return;
        end if;
        select r.* into strict v_refund
        from payment.refunds as r
        where r.order_id = v_transaction.order_id and r.refund_id = v_transaction.refund_id;
        verdict := case v_refund.status
            when 'succeeded' then 'applied'
            when 'reversed' then 'ignored'
            else 'waiting'
        end;
        reason := case v_refund.status
            when 'succeeded' then null
            when 'reversed' then 'recorded already'
            else 'the refund has not succeeded yet'
        end;
        perform payment.book_reversal(v_refund, v_ref, p_event ->> 'error_reason')
        where v_refund.status = 'succeeded';
        return;
    end if;

    v_payment := payment.find_reported(p_event, p_provider);
    order_id := v_payment.order_id;
    if v_payment.payment_id is null or v_outcome = 'reversed' then
        verdict := 'waiting';
        reason := 'no such refund yet';
    elsif v_outcome <> 'succeeded' then
        verdict := 'ignored';
        reason := 'nobody here has asked for it';
    elsif v_ref is null or v_amount is null or v_amount <= 0
    or not payment.is_amount_of(p_event, v_payment.currency) then
        verdict := 'refused';
        reason := 'it has no reference, or no amount in the currency of the payment';
    else
        v_payment := payment.make_room(
            v_payment.order_id, v_payment.payment_id, v_amount, 'paid otherwise'
        );
        if payment.refundable(v_payment) < v_amount then
            verdict := 'waiting';
            reason := 'the payment has not that much left';
            return;
        end if;
        v_refund := payment.open_refund(
            v_payment, v_amount, 'other', 'made at the provider', 'requested'
        );
        v_refund := payment.change_refund(v_refund, 'approved');
        v_refund := payment.change_refund(v_refund, 'processing');
        insert into payment.payment_transactions as t (
            order_id, payment_id, kind, status, amount, provider, refund_id, claimed_until, actor,
            request_id
        )
        values (
            v_refund.order_id, v_refund.payment_id, 'refund', 'pending', v_amount, p_provider,
            v_refund.refund_id, payment.claim_until(), core.actor(), core.request_id()
        )
        returning t.* into v_transaction;
        v_result := payment.apply_refund(v_transaction, 'succeeded', v_ref, null, null, null);
        verdict := v_result.verdict;
        reason := v_result.reason;
    end if;
end;
$function$;

comment on function payment.apply_refund_event(jsonb, text) is
'Applies refund.succeeded, .failed, .pending, .timed_out or .reversed of the inbox. The verdict is
applied, ignored (it says nothing new), waiting (too early) or refused (it contradicts what is
known), with a reason, and the order that it is about.';
