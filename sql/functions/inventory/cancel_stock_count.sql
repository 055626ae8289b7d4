-- Close a stocktake without posting anything.
create or replace function inventory.cancel_stock_count(
    p_count_id bigint,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (count_id bigint, status text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.cancel_stock_count';
    v_response jsonb;
    v_count inventory.stock_counts;
begin
    if p_expected_version is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_expected_version', 'expected', 'the version that was read'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'count_id', p_count_id, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_count := inventory.lock_stock_count(p_count_id, p_expected_version);
        update inventory.stock_count_lines as n
        set status = 'cancelled'
        where n.count_id = p_count_id;
        update inventory.stock_counts as c
        set
            status = 'cancelled',
            version = c.version + 1,
            closed_at = clock_timestamp(),
            updated_by = core.actor()
        where c.count_id = p_count_id
        returning c.* into v_count;
        perform events.emit(
            'stock_count.cancelled', 'stock_count', array[p_count_id], array[v_count.version],
            array[jsonb_build_object(
                'count_id', p_count_id, 'location_id', v_count.location_id
            )]
        );
        v_response := jsonb_build_object(
            'count_id', p_count_id, 'status', v_count.status, 'version', v_count.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;
    return query
    select r.*
    from jsonb_to_record(v_response) as r (count_id bigint, status text, version bigint);
end;
$function$;

comment on function inventory.cancel_stock_count(bigint, bigint, text) is
'Closes a stocktake against the version that the editor saw; stock stays as it is, and its SKUs may
be counted elsewhere. Errors: STOCK_COUNT_NOT_FOUND, STOCK_COUNT_CLOSED, CONCURRENT_MODIFICATION,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.cancel_stock_count(bigint, bigint, text)
to inventory_editor;
