-- Refuse evidence that nobody would read: of a dispute that is over, or after its deadline.
create or replace function payment.check_evidence(p_dispute payment.payment_disputes)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if (p_dispute).closed_at is not null then
        perform core.refuse('SHO30', jsonb_build_object(
            'dispute', (p_dispute).public_id, 'of', 'dispute', 'status', (p_dispute).status,
            'requested', 'under_review', 'legal', '[]'::jsonb
        ));
    elsif (p_dispute).evidence_due_at <= clock_timestamp() then
        perform core.refuse('SHM33', jsonb_build_object(
            'dispute', (p_dispute).public_id, 'evidence_due_at', (p_dispute).evidence_due_at
        ));
    end if;
end;
$function$;

comment on function payment.check_evidence(payment.payment_disputes) is
'Refuses evidence for a dispute that takes none any more. Errors: ILLEGAL_TRANSITION,
EVIDENCE_LATE.';
