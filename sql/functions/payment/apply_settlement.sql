-- Book what a provider paid out for a locked payment, and what it kept.
create or replace function payment.apply_settlement(
    p_payment payment.payments,
    p_provider_ref text,
    p_amount numeric,
    p_fee numeric,
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
    v_payment payment.payments := p_payment;
    v_other constant payment.payment_transactions := payment.find_booked(
        (p_payment).provider, 'settlement', p_provider_ref
    );
    v_fee numeric;
    v_transaction payment.payment_transactions;
begin
    verdict := 'applied';
    if v_other.transaction_id is not null then
        select t.amount into v_fee
        from payment.payment_transactions as t
        where t.provider = v_payment.provider
        and t.kind = 'fee'
        and t.provider_ref = p_provider_ref;
        verdict := case
            when (v_other.order_id, v_other.payment_id, v_other.amount, coalesce(v_fee, 0))
            = (v_payment.order_id, v_payment.payment_id, p_amount, coalesce(p_fee, 0))
            then 'ignored'
            else 'refused'
        end;
        reason := case verdict
            when 'ignored' then 'recorded already'
            else 'the reference was settled with other figures'
        end;
        return;
    elsif p_amount > v_payment.captured - v_payment.settled then
        verdict := 'waiting';
        reason := 'more would be settled than is captured';
        return;
    end if;
    v_transaction := payment.add_transaction(
        v_payment, 'settlement', p_amount, p_provider_ref
    );
    v_payment.settled := v_payment.settled + p_amount;
    if p_fee > 0 then
        perform payment.add_transaction(v_payment, 'fee', p_fee, p_provider_ref);
        v_payment.fees := v_payment.fees + p_fee;
    end if;
    perform payment.write_payment(v_payment, 'payment.settled', jsonb_build_object(
        'transaction', v_transaction.public_id, 'amount', p_amount, 'fee', coalesce(p_fee, 0)
    ));
end;
$function$;

comment on function payment.apply_settlement(payment.payments, text, numeric, numeric) is
'Adds a settlement of that gross amount, and its fee, to a locked payment, once a reference. The
verdict is as in payment.apply_capture: waiting where more would be settled than is captured.';
