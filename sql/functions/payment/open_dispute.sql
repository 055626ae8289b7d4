-- A customer's bank contests a payment.
create or replace function payment.open_dispute(
    p_payment uuid,
    p_provider_dispute_id text,
    p_reason_code text,
    p_amount numeric default null,
    p_is_warning boolean default false,
    p_evidence_due_at timestamptz default null,
    p_network_code text default null,
    p_idempotency_key text default null
)
returns table (
    dispute uuid, payment uuid, status text, amount numeric, counted numeric, currency text,
    charged_back numeric, evidence_due_at timestamptz, submission_count integer, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'payment.open_dispute';
    v_response jsonb;
    v_payment payment.payments;
    v_dispute payment.payment_disputes;
begin
    perform payment.check_reference('p_provider_dispute_id', p_provider_dispute_id, true);
    perform payment.check_words('p_reason_code', p_reason_code, 100);
    perform payment.check_words('p_network_code', p_network_code, 50)
    where p_network_code is not null;
    if p_is_warning is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_is_warning', 'expected', 'true or false'
        ));
    end if;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'payment', p_payment, 'provider_dispute_id', p_provider_dispute_id,
        'reason_code', p_reason_code, 'amount', trim_scale(p_amount),
        'is_warning', p_is_warning, 'evidence_due_at', p_evidence_due_at at time zone 'UTC',
        'network_code', p_network_code
    ));
    if v_response is null then
        v_payment := payment.find_payment(p_payment);
        perform payment.check_amount('p_amount', p_amount, v_payment.currency);
        select d.* into v_dispute
        from payment.payment_disputes as d
        where d.provider = v_payment.provider
        and d.provider_dispute_id = p_provider_dispute_id;
        if v_dispute.dispute_id is null then
            if coalesce(p_amount, v_payment.captured) not between 0.0001 and v_payment.captured
            then
                perform core.refuse('22023', jsonb_build_object(
                    'argument', 'p_amount', 'expected', 'at most what was captured',
                    'captured', v_payment.captured
                ));
            end if;
            v_dispute := payment.book_dispute(
                v_payment, p_provider_dispute_id, coalesce(p_amount, v_payment.captured),
                p_reason_code, p_network_code, p_is_warning, p_evidence_due_at
            );
        elsif (v_dispute.order_id, v_dispute.payment_id)
        <> (v_payment.order_id, v_payment.payment_id) then
            perform core.refuse('SHM10', jsonb_build_object(
                'dispute', v_dispute.public_id, 'provider_ref', p_provider_dispute_id
            ));
        elsif v_dispute.status = 'warning' and not p_is_warning then
            v_dispute := payment.move_dispute(
                v_dispute, 'needs_response', null, p_evidence_due_at
            );
        end if;
        v_response := payment.dispute_row(v_dispute);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        dispute uuid, payment uuid, status text, amount numeric, counted numeric, currency text,
        charged_back numeric, evidence_due_at timestamptz, submission_count integer,
        version bigint
    );
end;
$function$;

comment on function payment.open_dispute(
    uuid, text, text, numeric, boolean, timestamptz, text, text
) is
'Records a dispute under the provider''s name for it, with its reason, of an amount (all that was
captured, if null); a warning takes no money yet, and the same call without it makes it a dispute.
Evidence is due after the rule dispute_evidence_days where the provider does not say. The amount is
taken from the payment: refunds that were not sent are cancelled for it, and counted is less than
the amount where one was. Recorded already, it answers what the dispute is now. Errors:
PAYMENT_NOT_FOUND, PROVIDER_REFERENCE_TAKEN, IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT. Replica: no
(writes).';
grant execute on function payment.open_dispute(
    uuid, text, text, numeric, boolean, timestamptz, text, text
) to payment_editor;
