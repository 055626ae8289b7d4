-- Make a supplier, or edit one, as an editor who saw it wants it.
create or replace function inventory.set_supplier(
    p_code text,
    p_name text,
    p_lead_time_days integer,
    p_expected_version bigint,
    p_contact jsonb default null,
    p_is_active boolean default true,
    p_idempotency_key text default null
)
returns table (
    supplier text, name text, lead_time_days integer, is_active boolean, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.set_supplier';
    v_response jsonb;
    v_supplier inventory.inventory_suppliers;
begin
    if p_code is null or p_code !~ '^[A-Z0-9][A-Z0-9_-]{0,31}$' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_code', 'expected', 'a code of at most 32 capitals, digits, - and _'
        ));
    end if;
    perform core.check_text('p_name', p_name, 200);
    if p_lead_time_days is null or p_lead_time_days not between 0 and 3650
    or p_expected_version is null or p_is_active is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_lead_time_days, p_expected_version or p_is_active',
            'expected', '0 to 3650 days; the version that was read, 0 for none; not null'
        ));
    end if;
    if jsonb_typeof(p_contact) <> 'object' or length(p_contact::text) > 10000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_contact', 'expected', 'an object of at most 10000 characters'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'name', p_name, 'lead_time_days', p_lead_time_days,
        'expected_version', p_expected_version, 'contact', p_contact, 'is_active', p_is_active
    ));
    if v_response is null then
        if p_expected_version = 0 then
            insert into inventory.inventory_suppliers as s (
                code, name, contact, lead_time_days, is_active, updated_by
            )
            values (
                p_code, p_name, coalesce(p_contact, '{}'), p_lead_time_days, p_is_active,
                core.actor()
            )
            on conflict on constraint inventory_suppliers_code_key do nothing
            returning s.* into v_supplier;
        else
            update inventory.inventory_suppliers as s
            set
                name = p_name,
                contact = coalesce(p_contact, s.contact),
                lead_time_days = p_lead_time_days,
                is_active = p_is_active,
                version = s.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where s.code = p_code and s.version = p_expected_version
            returning s.* into v_supplier;
        end if;
        if not found then
            v_supplier := inventory.find_supplier(p_code);
            perform core.refuse('SHC02', jsonb_build_object(
                'supplier', p_code, 'expected_version', p_expected_version,
                'version', v_supplier.version, 'last_updated_by', v_supplier.updated_by
            ));
        end if;
        perform events.emit(
            'supplier.updated', 'supplier', array[v_supplier.supplier_id],
            array[v_supplier.version],
            array[jsonb_build_object(
                'supplier_id', v_supplier.supplier_id, 'code', v_supplier.code,
                'is_active', v_supplier.is_active, 'version', v_supplier.version
            )]
        );
        v_response := jsonb_build_object(
            'supplier', v_supplier.code, 'name', v_supplier.name,
            'lead_time_days', v_supplier.lead_time_days, 'is_active', v_supplier.is_active,
            'version', v_supplier.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        supplier text, name text, lead_time_days integer, is_active boolean, version bigint
    );
end;
$function$;

comment on function inventory.set_supplier(
    text, text, integer, bigint, jsonb, boolean, text
) is
'Makes a supplier (expected version 0) or edits the one of that code against the version that the
editor saw: name, days from order to delivery, contact (any object; null keeps what is there) and
whether to buy there. Returns it with its new version. Errors: SUPPLIER_NOT_FOUND,
CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.set_supplier(
    text, text, integer, bigint, jsonb, boolean, text
) to inventory_editor;
