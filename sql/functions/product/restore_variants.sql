-- Give variants the names, options, weights and places that a snapshot has for them.
--
-- In two steps: where two have swapped their options, each would be in the other's way.
create or replace function product.restore_variants(p_product_id bigint, p_variants jsonb)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_changed bigint[];
begin
    v_changed := array(
        select v.variant_id
        from jsonb_to_recordset(p_variants) as s (
            sku text, name text, options jsonb, weight_grams integer, position integer
        )
        inner join product.variants as v on v.sku = s.sku and v.product_id = p_product_id
        where (v.name, v.options, v.weight_grams, v.position)
            is distinct from (s.name, s.options, s.weight_grams, s.position)
    );
    update product.variants as v
    set options = '{}'
    where v.variant_id = any (v_changed);
    begin
        update product.variants as v
        set
            name = s.name,
            options = s.options,
            weight_grams = s.weight_grams,
            position = s.position,
            version = v.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        from jsonb_to_recordset(p_variants) as s (
            sku text, name text, options jsonb, weight_grams integer, position integer
        )
        where s.sku = v.sku and v.variant_id = any (v_changed);
    exception
        when unique_violation then
            perform core.refuse('SHP19', jsonb_build_object('variants', p_variants));
    end;
end;
$function$;

comment on function product.restore_variants(bigint, jsonb) is
'Writes the variants of a snapshot over those that are still there. Errors: VARIANT_OPTIONS_TAKEN.';
