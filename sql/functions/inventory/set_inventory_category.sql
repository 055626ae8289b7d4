-- Make a category of stock, or edit one, as an editor who saw it wants it.
create or replace function inventory.set_inventory_category(
    p_code text,
    p_name text,
    p_abc_class text,
    p_count_every_days integer,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (
    category text, name text, abc_class text, count_every_days integer, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.set_inventory_category';
    v_response jsonb;
    v_category inventory.inventory_categories;
begin
    perform core.check_text('p_name', p_name, 200);
    if p_code is null or p_code !~ '^[A-Z0-9][A-Z0-9_-]{0,31}$' or p_abc_class is null
    or p_abc_class not in ('A', 'B', 'C') or p_count_every_days is null
    or p_count_every_days not between 1 and 3650 or p_expected_version is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_code, p_abc_class, p_count_every_days or p_expected_version',
            'expected', 'a code of at most 32 capitals, digits, - and _; A, B or C; '
            || '1 to 3650 days; the version that was read, 0 for none'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'name', p_name, 'abc_class', p_abc_class,
        'count_every_days', p_count_every_days, 'expected_version', p_expected_version
    ));
    if v_response is null then
        if p_expected_version = 0 then
            insert into inventory.inventory_categories as c (
                code, name, abc_class, count_every_days, updated_by
            )
            values (p_code, p_name, p_abc_class, p_count_every_days, core.actor())
            on conflict on constraint inventory_categories_code_key do nothing
            returning c.* into v_category;
        else
            update inventory.inventory_categories as c
            set
                name = p_name,
                abc_class = p_abc_class,
                count_every_days = p_count_every_days,
                version = c.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where c.code = p_code and c.version = p_expected_version
            returning c.* into v_category;
        end if;
        if not found then
            select c.* into v_category
            from inventory.inventory_categories as c
            where c.code = p_code;
            if not found then
                perform core.refuse('SHI22', jsonb_build_object(
                    'categories', jsonb_build_array(p_code)
                ));
            end if;
            perform core.refuse('SHC02', jsonb_build_object(
                'category', p_code, 'expected_version', p_expected_version,
                'version', v_category.version, 'last_updated_by', v_category.updated_by
            ));
        end if;
        perform events.emit(
            'inventory_category.updated', 'inventory_category', array[v_category.category_id],
            array[v_category.version],
            array[jsonb_build_object(
                'category_id', v_category.category_id, 'code', v_category.code,
                'abc_class', v_category.abc_class,
                'count_every_days', v_category.count_every_days, 'version', v_category.version
            )]
        );
        v_response := jsonb_build_object(
            'category', v_category.code, 'name', v_category.name,
            'abc_class', v_category.abc_class,
            'count_every_days', v_category.count_every_days, 'version', v_category.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        category text, name text, abc_class text, count_every_days integer, version bigint
    );
end;
$function$;

comment on function inventory.set_inventory_category(
    text, text, text, integer, bigint, text
) is
'Makes a category of stock (expected version 0) or edits the one of that code against the version
that the editor saw: its class A, B or C, and after how many days stock in it is counted again.
Returns it with its new version. Errors: INVENTORY_CATEGORY_NOT_FOUND, CONCURRENT_MODIFICATION,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.set_inventory_category(
    text, text, text, integer, bigint, text
) to inventory_editor;
