-- Record how a dispute ended.
create or replace function payment.resolve_dispute(
    p_dispute uuid,
    p_outcome text,
    p_reason text default null,
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
    c_scope constant text := 'payment.resolve_dispute';
    v_status constant text := case p_outcome when 'accepted' then 'lost' else p_outcome end;
    v_response jsonb;
    v_dispute payment.payment_disputes;
begin
    if p_outcome is null
    or p_outcome not in ('won', 'lost', 'accepted', 'closed', 'prevented') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_outcome', 'expected', 'won, lost, accepted, closed or prevented'
        ));
    end if;
    perform core.check_text('p_reason', p_reason, 500) where p_reason is not null;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'dispute', p_dispute, 'outcome', p_outcome, 'reason', p_reason
    ));
    if v_response is null then
        v_dispute := payment.find_dispute(p_dispute);
        -- Said twice, it is done once.
        if v_dispute.status <> v_status then
            v_dispute := payment.move_dispute(
                v_dispute, v_status,
                case p_outcome when 'accepted' then 'accepted' else p_reason end
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

comment on function payment.resolve_dispute(uuid, text, text, text) is
'Ends a dispute: won (its money is the shop''s again, or the customer''s where it is not due any
more), lost (final), accepted (lost, because nobody contests it), closed (a warning that came to
nothing) or prevented (dropped before it began). Ended so already, it answers the same. Errors:
DISPUTE_NOT_FOUND, ILLEGAL_TRANSITION, IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT. Replica: no
(writes).';
grant execute on function payment.resolve_dispute(uuid, text, text, text) to payment_editor;
