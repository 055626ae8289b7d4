-- Rename an option or one of its values; the variants that have it follow.
create or replace function product.rename_option(
    p_code text,
    p_option text,
    p_name text,
    p_expected_version bigint,
    p_value text default null,
    p_idempotency_key text default null
)
returns table (code text, version bigint, fields jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.rename_option';
    v_response jsonb;
    v_product_id bigint;
    v_before jsonb;
    v_fields jsonb;
begin
    perform core.check_text('p_name', p_name, 100);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'option', p_option, 'name', p_name, 'value', p_value,
        'expected_version', p_expected_version
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version, true);
        v_before := product.snapshot(v_product_id);
        begin
            if p_value is null then
                -- The key takes its values along.
                update product.product_options as o
                set name = p_name
                where o.product_id = v_product_id and o.name = p_option;
            else
                update product.option_values as v
                set value = p_name
                where v.product_id = v_product_id and v.option_name = p_option
                and v.value = p_value;
            end if;
        exception
            when unique_violation then
                perform core.refuse('22023', jsonb_build_object(
                    'argument', 'p_name', 'expected', 'a name that no other of them has'
                ));
        end;
        if not found then
            perform core.refuse('SHP18', jsonb_strip_nulls(jsonb_build_object(
                'option', p_option, 'value', p_value
            )));
        end if;
        update product.variants as v
        set
            options = v.options - p_option || case
                when p_value is null then jsonb_build_object(p_name, v.options -> p_option)
                else jsonb_build_object(p_option, p_name)
            end,
            version = v.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where v.product_id = v_product_id and v.options ? p_option
        and (p_value is null or v.options ->> p_option = p_value)
        and p_name <> coalesce(p_value, p_option);

        select coalesce(jsonb_agg(a.key order by a.key), '[]')
        into v_fields
        from jsonb_each(product.snapshot(v_product_id)) as a
        where a.value is distinct from v_before -> a.key;
        v_response := product.finish_edit(
            v_product_id, v_fields,
            'Renamed ' || coalesce(p_value, p_option) || ' to ' || p_name
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.rename_option(text, text, text, bigint, text, text) is
'Renames an option of a product, or one of its values where that is given, against the version of
the product that the editor saw; variants that have it follow. Returns the new version and what
changed. Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, OPTION_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.rename_option(text, text, text, bigint, text, text)
to product_editor;
