-- Rename, rank, open or close a location, as an editor who saw it wants it.
create or replace function inventory.update_location(
    p_code text,
    p_expected_version bigint,
    p_name text default null,
    p_rank integer default null,
    p_is_active boolean default null,
    p_idempotency_key text default null
)
returns table (location text, name text, rank integer, is_active boolean, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.update_location';
    v_response jsonb;
    v_location inventory.locations;
begin
    if p_expected_version is null or num_nonnulls(p_name, p_rank, p_is_active) = 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_expected_version, p_name, p_rank or p_is_active',
            'expected', 'the version that was read, and at least one change'
        ));
    end if;
    perform core.check_text('p_name', p_name, 200) where p_name is not null;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'expected_version', p_expected_version, 'name', p_name, 'rank', p_rank,
        'is_active', p_is_active
    ));
    if v_response is null then
        select l.* into v_location
        from inventory.locations as l
        where l.code = p_code
        for no key update;
        if not found then
            perform core.refuse('SHI08', jsonb_build_object('location', p_code));
        elsif v_location.version <> p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'location', p_code, 'expected_version', p_expected_version,
                'version', v_location.version, 'last_updated_by', v_location.updated_by
            ));
        end if;
        update inventory.locations as l
        set
            name = coalesce(p_name, l.name),
            rank = coalesce(p_rank, l.rank),
            is_active = coalesce(p_is_active, l.is_active),
            version = l.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where l.location_id = v_location.location_id
        returning l.* into v_location;
        perform events.emit(
            'location.updated', 'location', array[v_location.location_id],
            array[v_location.version],
            array[jsonb_build_object(
                'location_id', v_location.location_id, 'code', v_location.code,
                'rank', v_location.rank, 'is_active', v_location.is_active,
                'version', v_location.version
            )]
        );
        v_response := jsonb_build_object(
            'location', v_location.code, 'name', v_location.name, 'rank', v_location.rank,
            'is_active', v_location.is_active, 'version', v_location.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        location text, name text, rank integer, is_active boolean, version bigint
    );
end;
$function$;

comment on function inventory.update_location(text, bigint, text, integer, boolean, text) is
'Changes the name, the rank or whether stock may be promised from a location, against the version
that the editor saw; a null keeps what is there. A closed location goes on shipping what it has
promised, and may be received at and transferred from. Returns the location as it is now. Errors:
LOCATION_NOT_FOUND, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function inventory.update_location(text, bigint, text, integer, boolean, text)
to inventory_editor;
