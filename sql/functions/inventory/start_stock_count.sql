-- Begin a stocktake: counted over hours or days, posted at once.
create or replace function inventory.start_stock_count(
    p_location text default null,
    p_reference text default null,
    p_idempotency_key text default null
)
returns table (count_id bigint, location text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.start_stock_count';
    v_response jsonb;
    v_location_id bigint;
    v_count_id bigint;
begin
    perform core.check_text('p_reference', p_reference, 500) where p_reference is not null;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'location', p_location, 'reference', p_reference
    ));
    if v_response is null then
        v_location_id := inventory.find_location(p_location);
        insert into inventory.stock_counts as c (location_id, reference, created_by, updated_by)
        values (v_location_id, p_reference, core.actor(), core.actor())
        returning c.count_id into v_count_id;
        perform events.emit(
            'stock_count.started', 'stock_count', array[v_count_id], array[1],
            array[jsonb_build_object('count_id', v_count_id, 'location_id', v_location_id)]
        );
        select jsonb_build_object('count_id', v_count_id, 'location', l.code, 'version', 1)
        into v_response
        from inventory.locations as l
        where l.location_id = v_location_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;
    return query
    select r.*
    from jsonb_to_record(v_response) as r (count_id bigint, location text, version bigint);
end;
$function$;

comment on function inventory.start_stock_count(text, text, text) is
'Begins a stocktake of a location (the best-ranked one if none is named). Returns its number, for
inventory.record_stock_count and inventory.post_stock_count. Errors: LOCATION_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.start_stock_count(text, text, text) to inventory_editor;
