-- Stamp what goes to the bank now: of each kind the newest version, if it was not sent before.
create or replace function payment.submit_evidence(
    p_dispute uuid, p_idempotency_key text default null
)
returns table (dispute uuid, status text, submission integer, kinds text[], version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'payment.submit_evidence';
    v_response jsonb;
    v_now timestamptz;
    v_dispute payment.payment_disputes;
    v_kinds text[];
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, to_jsonb(p_dispute));
    if v_response is null then
        v_dispute := payment.find_dispute(p_dispute);
        perform payment.check_evidence(v_dispute);
        v_now := clock_timestamp();
        with sent as (
            update payment.dispute_evidence as e
            set submission = v_dispute.submission_count + 1, submitted_at = v_now
            where e.order_id = v_dispute.order_id and e.dispute_id = v_dispute.dispute_id
            and e.submission is null and e.erased_at is null and e.version = (
                select max(n.version)
                from payment.dispute_evidence as n
                where n.order_id = e.order_id and n.dispute_id = e.dispute_id
                and n.kind = e.kind
            )
            returning e.kind
        )
        select array_agg(s.kind order by s.kind) into v_kinds from sent as s;
        if v_kinds is null then
            perform core.refuse('SHM34', jsonb_build_object('dispute', p_dispute));
        end if;
        update payment.payment_disputes as d
        set
            -- An inquiry stays one; the bank decides what comes of it.
            status = case d.status when 'needs_response' then 'under_review' else d.status end,
            submission_count = d.submission_count + 1,
            submitted_at = v_now,
            version = d.version + 1,
            updated_at = v_now,
            updated_by = core.actor()
        where d.order_id = v_dispute.order_id and d.dispute_id = v_dispute.dispute_id
        returning d.* into v_dispute;
        perform payment.emit_dispute('dispute.evidence_submitted', v_dispute);
        v_response := jsonb_build_object(
            'dispute', p_dispute, 'status', v_dispute.status,
            'submission', v_dispute.submission_count, 'kinds', v_kinds,
            'version', v_dispute.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select
        r.dispute, r.status, r.submission,
        array(select jsonb_array_elements_text(r.kinds)), r.version
    from jsonb_to_record(v_response) as r (
        dispute uuid, status text, submission integer, kinds jsonb, version bigint
    );
end;
$function$;

comment on function payment.submit_evidence(uuid, text) is
'Submits the evidence of an open dispute that was not sent yet, of each kind the newest version: the
dispute is under review then (a warning stays one). Returns the number of the submission and the
kinds in it; what is in it is in payment.evidence_list. Errors: DISPUTE_NOT_FOUND,
ILLEGAL_TRANSITION, EVIDENCE_LATE, EVIDENCE_MISSING, IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT.
Replica: no (writes).';
grant execute on function payment.submit_evidence(uuid, text) to payment_editor;
