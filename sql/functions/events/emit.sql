-- Write events of one type: see events.emit_all.
create or replace function events.emit(
    p_event_type text,
    p_aggregate_type text,
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
    perform events.emit_all(
        array_fill(p_event_type, array[coalesce(cardinality(p_aggregate_ids), 0)]),
        array_fill(p_aggregate_type, array[coalesce(cardinality(p_aggregate_ids), 0)]),
        p_aggregate_ids, p_aggregate_seqs, p_payloads, p_priority
    );
end;
$function$;

comment on function events.emit(text, text, bigint[], bigint[], jsonb[], integer) is
'Writes one event an element of the arrays, keyed by its aggregate. A null sequence promises no
strict order. Priority 0 can wait, 10 cannot.';
