-- Edit a price list: all of it as the editor wants it, so that null can mean no limit.
create or replace function product.update_price_list(
    p_code text,
    p_expected_version bigint,
    p_name text,
    p_priority integer,
    p_valid_from timestamptz,
    p_valid_until timestamptz,
    p_is_active boolean default true,
    p_idempotency_key text default null
)
returns table (price_list_id bigint, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.update_price_list';
    v_response jsonb;
    v_validity tstzrange;
    v_list product.price_lists;
begin
    perform core.check_text('p_name', p_name, 200);
    if p_priority is null or p_priority not between 0 and 1000000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_priority',
            'expected', 'a whole number from 1 to 1000000; 0 for the base list'
        ));
    end if;
    if p_is_active is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_is_active', 'expected', 'true or false'
        ));
    end if;
    v_validity := product.check_window(p_valid_from, p_valid_until);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'expected_version', p_expected_version, 'name', p_name,
        'priority', p_priority, 'valid_from', p_valid_from at time zone 'UTC',
        'valid_until', p_valid_until at time zone 'UTC', 'is_active', p_is_active
    ));
    if v_response is null then
        select l.* into v_list
        from product.price_lists as l
        where l.code = p_code
        for no key update;
        if not found then
            perform core.refuse('SHP30', jsonb_build_object('price_list', p_code));
        end if;
        if v_list.version is distinct from p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'price_list', p_code, 'expected_version', p_expected_version,
                'version', v_list.version, 'last_updated_by', v_list.updated_by
            ));
        end if;
        if (v_list.kind = 'base') <> (p_priority = 0)
        or v_list.kind = 'base' and not (p_is_active and v_validity = '(,)') then
            perform core.refuse('SHP32', jsonb_build_object(
                'price_list', p_code, 'priority', p_priority
            ));
        end if;

        update product.price_lists as l
        set
            name = p_name,
            priority = p_priority,
            validity = v_validity,
            is_active = p_is_active,
            version = l.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where l.price_list_id = v_list.price_list_id
        returning l.* into v_list;
        perform product.emit_price_list('price_list.updated', v_list);
        v_response := jsonb_build_object(
            'price_list_id', v_list.price_list_id, 'version', v_list.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.* from jsonb_to_record(v_response) as r (price_list_id bigint, version bigint);
end;
$function$;

comment on function
product.update_price_list(text, bigint, text, integer, timestamptz, timestamptz, boolean, text) is
'Gives a price list a name, a priority, a time (null for no limit on that side) and whether it
applies, against the version that the editor saw; code and customer group stay. Of the base list
only the name changes. Errors: PRICE_LIST_NOT_FOUND, PRICE_LIST_IS_BASE, CONCURRENT_MODIFICATION,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function
product.update_price_list(text, bigint, text, integer, timestamptz, timestamptz, boolean, text)
to product_editor;
