-- Record that a provider paid out what it captured.
create or replace function payment.record_settlement(
    p_payment uuid,
    p_provider_ref text,
    p_amount numeric,
    p_fee numeric default 0
)
returns table (
    payment uuid,
    status text,
    currency text,
    captured numeric,
    settled numeric,
    fees numeric,
    is_repetition boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_payment payment.payments;
    v_result record;
begin
    perform payment.check_reference('p_provider_ref', p_provider_ref, true);
    v_payment := payment.find_payment(p_payment);
    perform
        payment.check_amount('p_amount', coalesce(p_amount, 0), v_payment.currency),
        payment.check_amount('p_fee', nullif(p_fee, 0), v_payment.currency);
    v_result := payment.apply_settlement(v_payment, p_provider_ref, p_amount, p_fee);
    if v_result.verdict = 'waiting' then
        perform core.refuse('SHM11', jsonb_build_object(
            'payment', v_payment.public_id, 'amount', p_amount,
            'captured', v_payment.captured, 'settled', v_payment.settled
        ));
    elsif v_result.verdict = 'refused' then
        perform core.refuse('SHM10', jsonb_build_object(
            'payment', v_payment.public_id, 'provider_ref', p_provider_ref,
            'reason', v_result.reason
        ));
    end if;

    return query
    select
        p.public_id, p.status, p.currency, p.captured, p.settled, p.fees,
        v_result.verdict = 'ignored'
    from payment.payments as p
    where p.order_id = v_payment.order_id and p.payment_id = v_payment.payment_id;
end;
$function$;

comment on function payment.record_settlement(uuid, text, numeric, numeric) is
'Records that a provider paid out p_amount of what was captured of a payment, of which it kept
p_fee, once a reference: repeated, it changes nothing. Returns the payment as it is now. Errors:
PAYMENT_NOT_FOUND, SETTLEMENT_EXCEEDS_CAPTURE, PROVIDER_REFERENCE_TAKEN (another payment, or other
figures), INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.record_settlement(uuid, text, numeric, numeric)
to payment_editor;
