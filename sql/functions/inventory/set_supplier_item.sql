-- Say what a supplier asks for a SKU, as an editor who saw the old terms wants it.
create or replace function inventory.set_supplier_item(
    p_supplier text,
    p_sku text,
    p_cost numeric,
    p_currency text,
    p_expected_version bigint,
    p_supplier_sku text default null,
    p_min_quantity integer default 1,
    p_pack_size integer default 1,
    p_lead_time_days integer default null,
    p_is_preferred boolean default false,
    p_is_active boolean default true,
    p_idempotency_key text default null
)
returns table (supplier text, sku text, cost numeric, currency text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.set_supplier_item';
    v_response jsonb;
    v_supplier_id bigint;
    v_variant_id bigint;
    v_exponent smallint;
    v_version bigint;
    v_item inventory.supplier_items;
    v_changed inventory.supplier_items[];
begin
    perform core.check_text('p_supplier_sku', p_supplier_sku, 64)
    where p_supplier_sku is not null;
    if p_min_quantity is null or p_min_quantity not between 1 and 999999999
    or p_pack_size is null or p_pack_size not between 1 and 999999999
    or p_lead_time_days not between 0 and 3650 or p_is_preferred is null
    or p_is_active is null or p_expected_version is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_min_quantity, p_pack_size, p_lead_time_days, p_is_preferred, p_is_active'
            || ' or p_expected_version',
            'expected', 'units from 1 to 999999999; 0 to 3650 days or null; not null'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'supplier', p_supplier, 'sku', p_sku, 'cost', trim_scale(p_cost), 'currency', p_currency,
        'expected_version', p_expected_version, 'supplier_sku', p_supplier_sku,
        'min_quantity', p_min_quantity, 'pack_size', p_pack_size,
        'lead_time_days', p_lead_time_days, 'is_preferred', p_is_preferred,
        'is_active', p_is_active
    ));
    if v_response is null then
        v_supplier_id := (inventory.find_supplier(p_supplier)).supplier_id;
        v_exponent := core.check_currency(p_currency);
        if p_cost is null or p_cost not between 0 and 1e15 - 1
        or p_cost <> round(p_cost, v_exponent) then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_cost',
                'expected', 'an amount from 0 with at most ' || v_exponent || ' decimals'
            ));
        end if;
        -- Locking the variant lets two editors queue up, also for an item that is not there yet.
        select v.variant_id into v_variant_id
        from product.variants as v
        where v.sku = p_sku
        for no key update;
        if not found then
            perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
        end if;
        select s.version into v_version
        from inventory.supplier_items as s
        where s.variant_id = v_variant_id and s.supplier_id = v_supplier_id;
        if coalesce(v_version, 0) <> p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'supplier', p_supplier, 'sku', p_sku,
                'expected_version', p_expected_version, 'version', coalesce(v_version, 0)
            ));
        end if;

        with demoted as (
            update inventory.supplier_items as s
            set
                is_preferred = false,
                version = s.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where s.variant_id = v_variant_id and s.supplier_id <> v_supplier_id
            and s.is_preferred and p_is_preferred
            returning s.*
        )
        select array_agg(d) into v_changed from demoted as d;
        begin
            insert into inventory.supplier_items as s (
                variant_id, supplier_id, supplier_sku, cost, currency, min_quantity, pack_size,
                lead_time_days, is_preferred, is_active, updated_by
            )
            values (
                v_variant_id, v_supplier_id, p_supplier_sku, p_cost, p_currency, p_min_quantity,
                p_pack_size, p_lead_time_days, p_is_preferred, p_is_active, core.actor()
            )
            on conflict on constraint supplier_items_pkey do update
                set
                    supplier_sku = excluded.supplier_sku,
                    cost = excluded.cost,
                    currency = excluded.currency,
                    min_quantity = excluded.min_quantity,
                    pack_size = excluded.pack_size,
                    lead_time_days = excluded.lead_time_days,
                    is_preferred = excluded.is_preferred,
                    is_active = excluded.is_active,
                    version = s.version + 1,
                    updated_at = clock_timestamp(),
                    updated_by = excluded.updated_by
            returning s.* into v_item;
        exception
            when unique_violation then
                -- Only where this transaction's snapshot is older than the lock on the variant.
                perform core.refuse('40001', jsonb_build_object('sku', p_sku));
        end;
        v_changed := v_changed || v_item;
        -- No cost in the event: it goes to whoever reads about the variant.
        perform events.emit(
            'supplier_item.updated', 'variant', array_agg(c.variant_id),
            array_agg(null::bigint),
            array_agg(jsonb_build_object(
                'variant_id', c.variant_id, 'supplier_id', c.supplier_id,
                'is_preferred', c.is_preferred, 'is_active', c.is_active, 'version', c.version
            ))
        )
        from unnest(v_changed) as c;
        v_response := jsonb_build_object(
            'supplier', p_supplier, 'sku', p_sku, 'cost', p_cost, 'currency', p_currency,
            'version', v_item.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        supplier text, sku text, cost numeric, currency text, version bigint
    );
end;
$function$;

comment on function inventory.set_supplier_item(
    text, text, numeric, text, bigint, text, integer, integer, integer, boolean, boolean, text
) is
'Sets the terms of a SKU at a supplier, against the version that the editor saw (0 for none yet):
the cost of one unit, the supplier''s own code, the fewest units and the multiple in which they
sell, days from order to delivery (null is the supplier''s own), whether to buy it there rather
than elsewhere (which ends that elsewhere), and whether they still sell it. Returns the cost with
its new version. Errors: SUPPLIER_NOT_FOUND, PRODUCT_NOT_FOUND, CURRENCY_NOT_FOUND,
CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.set_supplier_item(
    text, text, numeric, text, bigint, text, integer, integer, integer, boolean, boolean, text
) to inventory_editor;
