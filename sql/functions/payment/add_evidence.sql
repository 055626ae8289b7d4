-- Collect what is said against a dispute. A new version of a kind takes the place of the one before
-- in the next submission; none is ever changed.
create or replace function payment.add_evidence(
    p_dispute uuid,
    p_kind text,
    p_body text default null,
    p_file_uri text default null,
    p_idempotency_key text default null
)
returns table (dispute uuid, kind text, evidence_version integer, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'payment.add_evidence';
    v_response jsonb;
    v_dispute payment.payment_disputes;
    v_version integer;
begin
    if p_kind is null or p_kind !~ '^[a-z0-9]+(_[a-z0-9]+)*$' or length(p_kind) > 50
    or payment.holds_card_data(p_kind) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_kind', 'expected', 'a code such as shipping_documentation'
        ));
    end if;
    if num_nonnulls(p_body, p_file_uri) <> 1 or length(p_body) not between 1 and 20000
    or length(p_file_uri) not between 1 and 2000 or payment.holds_card_data(p_body)
    or payment.holds_card_data(p_file_uri) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_body or p_file_uri',
            'expected', 'one of them: a text of 1 to 20000 characters, or an address of 1 to '
            || '2000; no card data'
        ));
    end if;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'dispute', p_dispute, 'kind', p_kind, 'body', p_body, 'file_uri', p_file_uri
    ));
    if v_response is null then
        v_dispute := payment.find_dispute(p_dispute);
        perform payment.check_evidence(v_dispute);
        select coalesce(max(e.version), 0) + 1
        into v_version
        from payment.dispute_evidence as e
        where e.order_id = v_dispute.order_id and e.dispute_id = v_dispute.dispute_id
        and e.kind = p_kind;
        insert into payment.dispute_evidence (
            order_id, dispute_id, kind, version, body, file_uri, created_by
        )
        values (
            v_dispute.order_id, v_dispute.dispute_id, p_kind, v_version, p_body, p_file_uri,
            core.actor()
        );
        update payment.payment_disputes as d
        set
            version = d.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where d.order_id = v_dispute.order_id and d.dispute_id = v_dispute.dispute_id
        returning d.* into v_dispute;
        perform payment.emit_dispute('dispute.evidence_added', v_dispute);
        v_response := jsonb_build_object(
            'dispute', p_dispute, 'kind', p_kind, 'evidence_version', v_version,
            'version', v_dispute.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        dispute uuid, kind text, evidence_version integer, version bigint
    );
end;
$function$;

comment on function payment.add_evidence(uuid, text, text, text, text) is
'Adds evidence of a kind (a code such as shipping_documentation) to an open dispute: a text, or the
address of a file. Each kind has versions, of which payment.submit_evidence sends the newest.
Errors: DISPUTE_NOT_FOUND, ILLEGAL_TRANSITION, EVIDENCE_LATE, IDEMPOTENCY_KEY_REUSED,
INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.add_evidence(uuid, text, text, text, text) to payment_editor;
