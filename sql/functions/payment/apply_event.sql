-- Apply one event of the inbox, whose row the caller has locked. Direct calls and events meet in
-- the same functions, which go by amounts and states: the order of deliveries makes no difference.
create or replace function payment.apply_event(
    p_provider text, p_event jsonb, out verdict text, out reason text, out order_id bigint
)
returns record
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_kind constant text := p_event ->> 'kind';
    v_outcome constant text := split_part(v_kind, '.', 2);
    v_amount constant numeric := (p_event ->> 'amount')::numeric;
    v_payment payment.payments;
    v_transaction payment.payment_transactions;
    v_result record;
begin
    if v_kind like 'refund.%' then
        select r.verdict, r.reason, r.order_id into verdict, reason, order_id
        from payment.apply_refund_event(p_event, p_provider) as r;
        return;
    elsif v_kind like 'dispute.%' then
        select r.verdict, r.reason, r.order_id into verdict, reason, order_id
        from payment.apply_dispute_event(p_event, p_provider) as r;
        return;
    end if;

    v_payment := payment.event_payment(p_provider, p_event);
    order_id := v_payment.order_id;
    if order_id is null then
        verdict := 'waiting';
        reason := 'the payment is not known yet';
        return;
    end if;
    perform orders.lock_order(order_id);
    v_payment := payment.lock_payment(order_id, v_payment.payment_id);
    if not payment.is_amount_of(p_event, v_payment.currency) then
        verdict := 'refused';
        reason := 'its currency or decimals are not those of the payment';
        return;
    end if;
    select t.* into v_transaction
    from payment.payment_transactions as t
    where t.order_id = v_payment.order_id
    and t.payment_id = v_payment.payment_id
    and t.kind = case split_part(v_kind, '.', 1)
        when 'authorization' then 'authorize' else split_part(v_kind, '.', 1)
    end
    and (
        t.public_id = (p_event ->> 'transaction')::uuid
        or t.kind = 'authorize' and t.attempts > 0
    )
    order by t.public_id = (p_event ->> 'transaction')::uuid desc nulls last
    limit 1;

    case split_part(v_kind, '.', 1)
        when 'capture' then
            v_result := payment.apply_capture(
                v_payment, v_transaction, v_outcome, p_event ->> 'provider_ref', v_amount,
                p_event ->> 'error_code', p_event ->> 'error_reason',
                (p_event ->> 'is_final')::boolean
            );
        when 'void' then
            v_result := payment.apply_void(
                v_payment, v_transaction, v_outcome, p_event ->> 'provider_ref',
                nullif(v_amount, 0), p_event ->> 'error_code', p_event ->> 'error_reason'
            );
        when 'settlement' then
            v_result := payment.apply_settlement(
                v_payment, p_event ->> 'provider_ref', v_amount, (p_event ->> 'fee')::numeric
            );
        else
            if v_outcome <> 'expired' then
                v_result := payment.apply_authorization(
                    v_transaction, v_outcome, p_event ->> 'provider_ref', nullif(v_amount, 0),
                    p_event ->> 'error_code', p_event ->> 'error_reason',
                    (p_event ->> 'expires_at')::timestamptz, (p_event ->> 'is_final')::boolean
                );
            elsif v_transaction.status in ('pending', 'timed_out') then
                verdict := 'waiting';
                reason := 'the authorisation has no outcome yet';
                return;
            elsif v_payment.authorized = v_payment.captured then
                verdict := 'ignored';
                reason := 'nothing was left of it';
                return;
            else
                perform payment.expire_authorization(v_payment);
                perform payment.settle_order(order_id, 'surplus');
                verdict := 'applied';
                return;
            end if;
    end case;
    verdict := v_result.verdict;
    reason := v_result.reason;
end;
$function$;

comment on function payment.apply_event(text, jsonb) is
'Applies a well-formed event of a provider and tells the order that it is about. The verdict is
applied, ignored (it says nothing new), waiting (it cannot be applied yet) or refused (it
contradicts what is known), the last three with a reason. Errors: as of what it leads to; none of
its own.';
