-- The variant of a SKU, sold or not: stock can be counted and shipped of what is no longer for
-- sale.
create or replace function inventory.find_variant(p_sku text)
returns bigint
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_variant_id bigint;
begin
    select v.variant_id into v_variant_id from product.variants as v where v.sku = p_sku;
    if not found then
        perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
    end if;
    return v_variant_id;
end;
$function$;

comment on function inventory.find_variant(text) is
'The key of a variant by its SKU. Errors: PRODUCT_NOT_FOUND.';
