-- Write events of several types into the outbox, in the caller's transaction: the only place that
-- does.
--
-- No NOTIFY: a transaction that has one pending takes an instance-wide lock at commit.
create or replace function events.emit_all(
    p_event_types text[],
    p_aggregate_types text[],
    p_aggregate_ids bigint[],
    p_aggregate_seqs bigint[],
    p_payloads jsonb[],
    p_priority integer default 5
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into events.outbox_events (
        event_type, aggregate_type, aggregate_id, aggregate_seq, partition_key, priority, payload,
        actor, request_id
    )
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq,
        e.aggregate_type || ':' || e.aggregate_id, p_priority, e.payload,
        core.actor(), core.request_id()
    from unnest(
        p_event_types, p_aggregate_types, p_aggregate_ids, p_aggregate_seqs, p_payloads
    ) as e (event_type, aggregate_type, aggregate_id, aggregate_seq, payload);
end;
$function$;

comment on function events.emit_all(text[], text[], bigint[], bigint[], jsonb[], integer) is
'Writes one event an element of the arrays, keyed by its aggregate. A null sequence promises no
strict order. Priority 0 can wait, 10 cannot.';
