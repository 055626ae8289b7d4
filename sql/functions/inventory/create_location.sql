-- Make a place that holds stock.
create or replace function inventory.create_location(
    p_code text,
    p_name text,
    p_rank integer,
    p_idempotency_key text default null
)
returns table (location_id bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.create_location';
    v_response jsonb;
    v_location_id bigint;
begin
    if p_code is null or p_code !~ '^[A-Z0-9][A-Z0-9_-]{0,31}$' or p_rank is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_code or p_rank',
            'expected', 'a code of at most 32 capitals, digits, - and _, and a rank'
        ));
    end if;
    perform core.check_text('p_name', p_name, 200);
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'name', p_name, 'rank', p_rank
    ));
    if v_response is null then
        insert into inventory.locations (code, name, rank, updated_by)
        values (p_code, p_name, p_rank, core.actor())
        on conflict on constraint locations_code_key do nothing
        returning locations.location_id into v_location_id;
        if not found then
            perform core.refuse('SHI11', jsonb_build_object('code', p_code));
        end if;
        perform events.emit(
            'location.created', 'location', array[v_location_id], array[1],
            array[jsonb_build_object('location_id', v_location_id, 'code', p_code)]
        );
        v_response := to_jsonb(v_location_id);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;
    return query select v_response::bigint;
end;
$function$;

comment on function inventory.create_location(text, text, integer, text) is
'Makes a location; of two, the one of lower rank is reserved from first. Returns its key.
Errors: LOCATION_CODE_TAKEN, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.create_location(text, text, integer, text)
to inventory_service;
