-- Insert a variant, or change one; the caller holds the locks. Returns its version, null where
-- nothing has changed.
create or replace function product.write_variant(
    p_product_id bigint,
    p_variant_id bigint,
    p_variant jsonb
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_version bigint;
    v_constraint text;
begin
    if not product.options_fit(p_product_id, coalesce(p_variant -> 'options', '{}')) then
        perform core.refuse('SHP18', jsonb_build_object('options', p_variant -> 'options'));
    end if;
    begin
        if p_variant_id is null then
            insert into product.variants as v (
                product_id, sku, name, is_active, options, barcode, weight_grams, position,
                updated_by
            )
            values (
                p_product_id, p_variant ->> 'sku', p_variant ->> 'name',
                coalesce((p_variant -> 'is_active')::boolean, true),
                coalesce(p_variant -> 'options', '{}'), p_variant ->> 'barcode',
                (p_variant ->> 'weight_grams')::integer,
                coalesce((p_variant ->> 'position')::integer, 0), core.actor()
            )
            returning v.version into v_version;
        else
            update product.variants as v
            set
                sku = n.sku,
                name = n.name,
                is_active = n.is_active,
                options = n.options,
                barcode = n.barcode,
                weight_grams = n.weight_grams,
                position = n.position,
                version = v.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            from product.variants as o
            cross join lateral jsonb_populate_record(o, p_variant) as n
            where v.variant_id = p_variant_id
            and o.variant_id = v.variant_id
            and o is distinct from n
            returning v.version into v_version;
        end if;
    exception
        when unique_violation then
            get stacked diagnostics v_constraint = constraint_name;
            if v_constraint = 'variants_sku_key' then
                perform core.refuse('SHP12', jsonb_build_object('sku', p_variant ->> 'sku'));
            elsif v_constraint = 'variants_barcode_key' then
                perform core.refuse('SHP20', jsonb_build_object(
                    'barcode', p_variant ->> 'barcode'
                ));
            end if;
            perform core.refuse('SHP19', jsonb_build_object('options', p_variant -> 'options'));
    end;
    return v_version;
end;
$function$;

comment on function product.write_variant(bigint, bigint, jsonb) is
'Inserts a variant (null key) or changes the fields given of one; returns its version, null for no
change. Errors: SKU_TAKEN, OPTION_NOT_FOUND, VARIANT_OPTIONS_TAKEN, BARCODE_TAKEN.';
