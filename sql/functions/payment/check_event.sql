-- Refuse a provider's event that is not written as the inbox takes it. What it says is not judged.
create or replace function payment.check_event(p_event jsonb)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_kinds constant text[] := array[
        'authorization.approved', 'authorization.declined', 'authorization.failed',
        'authorization.requires_action', 'authorization.processing', 'authorization.expired',
        'capture.succeeded', 'capture.failed', 'void.succeeded', 'void.failed',
        'settlement.succeeded', 'refund.succeeded', 'refund.failed', 'refund.pending',
        'refund.timed_out', 'refund.reversed',
        'dispute.warning', 'dispute.closed', 'dispute.needs_response', 'dispute.under_review',
        'dispute.won', 'dispute.lost', 'dispute.prevented'
    ];
    c_types constant jsonb := '{
        "kind": "text", "transaction": "uuid", "payment": "uuid", "refund": "uuid",
        "original_ref": "text", "provider_ref": "text", "dispute": "text", "amount": "amount",
        "fee": "amount", "currency": "text", "error_code": "text", "error_reason": "text",
        "reason_code": "text", "network_code": "text", "expires_at": "time",
        "evidence_due_at": "time", "occurred_at": "time", "is_final": "boolean", "raw": "object"
    }';
    v_problem record;
begin
    if p_event is null or jsonb_typeof(p_event) <> 'object'
    or length(p_event::text) > 200000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_event', 'expected', 'an object of at most 200000 characters'
        ));
    end if;
    select e.key, coalesce(c_types ->> e.key, 'no such field') as expected
    into v_problem
    from jsonb_each(p_event) as e
    cross join lateral (select e.value #>> '{}' as content) as v
    where case c_types ->> e.key
        when 'text' then jsonb_typeof(e.value) <> 'string'
        or length(v.content) not between 1 and 500
        when 'uuid' then jsonb_typeof(e.value) <> 'string'
        or v.content !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        when 'amount' then jsonb_typeof(e.value) not in ('number', 'string')
        or v.content !~ '^[0-9]{1,15}([.][0-9]{1,4})?$'
        when 'time' then jsonb_typeof(e.value) <> 'string'
        or v.content !~ (
            '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'
            || '([.][0-9]{1,6})?(Z|[+-][01][0-9]:[0-5][0-9])$'
        )
        when 'boolean' then jsonb_typeof(e.value) <> 'boolean'
        when 'object' then jsonb_typeof(e.value) <> 'object'
        else true
    end
    order by e.key
    limit 1;
    if found then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_event', 'field', v_problem.key, 'expected', v_problem.expected
        ));
    end if;
    begin
        perform
            (p_event ->> 'expires_at')::timestamptz,
            (p_event ->> 'evidence_due_at')::timestamptz,
            (p_event ->> 'occurred_at')::timestamptz;
    exception
        when datetime_field_overflow then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_event', 'expected', 'days and hours that there are'
            ));
    end;
    if p_event ->> 'kind' is null or p_event ->> 'kind' <> all (c_kinds) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_event', 'field', 'kind',
            'expected', array_to_string(c_kinds, ', ')
        ));
    end if;
    -- Without the amount and the reference of what succeeded, nothing could be booked once.
    if p_event ->> 'kind' in (
        'authorization.approved', 'capture.succeeded', 'settlement.succeeded'
    ) and p_event ->> 'provider_ref' is null
    or p_event ->> 'kind' in ('capture.succeeded', 'settlement.succeeded')
    and coalesce((p_event ->> 'amount')::numeric, 0) <= 0
    or coalesce(
        p_event ->> 'transaction', p_event ->> 'payment', p_event ->> 'original_ref'
    ) is null
    and p_event ->> 'kind' not like 'refund.%' and p_event ->> 'kind' not like 'dispute.%' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_event', 'kind', p_event ->> 'kind',
            'expected', 'what it is about (transaction, payment or original_ref), and of what '
            || 'succeeded its provider_ref, of a capture or settlement its amount'
        ));
    end if;
    if payment.holds_card_data(p_event::text) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_event', 'expected', 'no card number and no security code anywhere'
        ));
    end if;
end;
$function$;

comment on function payment.check_event(jsonb) is
'Refuses a malformed event of a provider, naming the field. Errors: INVALID_ARGUMENT.';
