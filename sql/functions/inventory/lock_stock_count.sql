-- The stocktake of a number, locked; refuses one that is closed or, where the caller says which
-- version it saw, has changed.
create or replace function inventory.lock_stock_count(
    p_count_id bigint, p_expected_version bigint
)
returns inventory.stock_counts
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_count inventory.stock_counts;
begin
    select c.* into v_count
    from inventory.stock_counts as c
    where c.count_id = p_count_id
    for no key update;
    if not found then
        perform core.refuse('SHI23', jsonb_build_object('count_id', p_count_id));
    elsif v_count.status <> 'open' then
        perform core.refuse('SHI24', jsonb_build_object(
            'count_id', p_count_id, 'status', v_count.status
        ));
    elsif v_count.version <> p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'count_id', p_count_id, 'expected_version', p_expected_version,
            'version', v_count.version, 'last_updated_by', v_count.updated_by
        ));
    end if;
    return v_count;
end;
$function$;

comment on function inventory.lock_stock_count(bigint, bigint) is
'Locks an open stocktake. Errors: STOCK_COUNT_NOT_FOUND, STOCK_COUNT_CLOSED,
CONCURRENT_MODIFICATION.';
