-- Apply what an event of a provider says about a dispute, in whatever order it comes.
create or replace function payment.apply_dispute_event(
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
    v_status constant text := split_part(p_event ->> 'kind', '.', 2);
    v_name constant text := p_event ->> 'dispute';
    v_amount constant numeric := (p_event ->> 'amount')::numeric;
    v_due_at constant timestamptz := (p_event ->> 'evidence_due_at')::timestamptz;
    v_payment payment.payments;
    v_dispute payment.payment_disputes;
begin
    verdict := 'applied';
    if v_status not in (
        'warning', 'needs_response', 'under_review', 'won', 'lost', 'closed', 'prevented'
    ) then
        verdict := 'ignored';
        reason := 'an event of this kind changes nothing';
        return;
    elsif v_name is null or length(v_name) not between 1 and 255 then
        verdict := 'refused';
        reason := 'it does not say which dispute it is about';
        return;
    end if;
    select d.* into v_dispute
    from payment.payment_disputes as d
    where d.provider = p_provider and d.provider_dispute_id = v_name;
    if found then
        order_id := v_dispute.order_id;
        v_dispute := payment.find_dispute(v_dispute.public_id);
        v_payment := payment.lock_payment(order_id, v_dispute.payment_id);
        if not payment.is_amount_of(p_event, v_payment.currency) then
            verdict := 'refused';
            reason := 'its currency or decimals are not those of the payment';
        elsif v_status = any (payment.dispute_moves(v_dispute)) then
            perform payment.move_dispute(
                v_dispute, v_status, p_event ->> 'error_reason', v_due_at,
                p_event ->> 'provider_ref'
            );
        elsif v_status = v_dispute.status
        or v_status in ('warning', 'needs_response', 'under_review') then
            -- A late delivery: the dispute has gone on since.
            verdict := 'ignored';
            reason := 'the dispute is ' || replace(v_dispute.status, '_', ' ') || ' already';
        else
            verdict := 'refused';
            reason := 'the dispute is ' || replace(v_dispute.status, '_', ' ');
        end if;
        return;
    end if;

    v_payment := payment.find_reported(p_event, p_provider);
    order_id := v_payment.order_id;
    if v_payment.payment_id is null or v_status not in ('warning', 'needs_response') then
        verdict := 'waiting';
        reason := case
            when v_payment.payment_id is null then 'no such payment yet' else 'no such dispute yet'
        end;
    elsif not payment.is_amount_of(p_event, v_payment.currency) then
        verdict := 'refused';
        reason := 'its currency or decimals are not those of the payment';
    elsif coalesce(v_amount, v_payment.captured) not between 0.0001 and v_payment.captured then
        verdict := 'waiting';
        reason := 'more is contested than was captured';
    else
        perform payment.book_dispute(
            v_payment, v_name, coalesce(v_amount, v_payment.captured),
            coalesce(payment.clean_text(p_event ->> 'reason_code', 100), 'unknown'),
            payment.clean_text(p_event ->> 'network_code', 50), v_status = 'warning', v_due_at
        );
    end if;
end;
$function$;

comment on function payment.apply_dispute_event(jsonb, text) is
'Applies dispute.warning, .opened, .needs_response, .under_review, .won, .lost, .closed or
.prevented of the inbox. The verdict is applied, ignored (it says nothing new), waiting (too early)
or refused (it contradicts what is known), with a reason, and the order that it is about.';
