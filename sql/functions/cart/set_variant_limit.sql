-- Limit how many units of a variant one user may have.
create or replace function cart.set_variant_limit(
    p_sku text,
    p_max_units integer,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (sku text, max_units integer, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'cart.set_variant_limit';
    v_response jsonb;
    v_variant_id bigint;
    v_version bigint;
begin
    if p_max_units not between 1 and 999999999 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_max_units', 'expected', 'a whole number from 1 to 999999999, or null'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'max_units', p_max_units, 'expected_version', p_expected_version
    ));
    if v_response is null then
        -- Locking the variant lets two editors queue up, also for a limit that is not there yet.
        select v.variant_id into v_variant_id
        from product.variants as v
        where v.sku = p_sku
        for no key update;
        if not found then
            perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
        end if;
        select l.version into v_version
        from cart.variant_limits as l
        where l.variant_id = v_variant_id;
        if coalesce(v_version, 0) is distinct from p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'sku', p_sku, 'expected_version', p_expected_version,
                'version', coalesce(v_version, 0)
            ));
        end if;
        insert into cart.variant_limits as l (variant_id, max_units, updated_by)
        values (v_variant_id, p_max_units, core.actor())
        on conflict on constraint variant_limits_pkey do update
            set
                max_units = excluded.max_units,
                version = l.version + 1,
                updated_at = clock_timestamp(),
                updated_by = excluded.updated_by
        returning l.version into v_version;
        perform events.emit(
            'cart.limit_set', 'variant', array[v_variant_id], array[v_version],
            array[jsonb_build_object(
                'variant_id', v_variant_id, 'sku', p_sku, 'max_units', p_max_units,
                'version', v_version
            )]
        );
        v_response := jsonb_build_object(
            'sku', p_sku, 'max_units', p_max_units, 'version', v_version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (sku text, max_units integer, version bigint);
end;
$function$;

comment on function cart.set_variant_limit(text, integer, bigint, text) is
'Sets how many units of a SKU one user may have (null is no limit) instead of what the rule
cart_user_units_max says, against the version that the editor saw, 0 for none yet; returns the new
one. Carts that have more are told by cart.validate_cart. Errors: PRODUCT_NOT_FOUND,
CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function cart.set_variant_limit(text, integer, bigint, text) to cart_service;
