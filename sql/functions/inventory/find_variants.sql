-- The variants of the SKUs in an array of items; all that are unknown are refused at once.
create or replace function inventory.find_variants(p_items jsonb)
returns table (item integer, variant_id bigint, sku text)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_unknown jsonb;
begin
    select jsonb_agg(i.sku order by i.sku) into v_unknown
    from jsonb_to_recordset(p_items) as i (sku text)
    where not exists (select from product.variants as v where v.sku = i.sku);
    if v_unknown is not null then
        perform core.refuse('SHP01', jsonb_build_object('skus', v_unknown));
    end if;
    return query
    select i.ordinality::integer, v.variant_id, v.sku
    from jsonb_array_elements(p_items) with ordinality as i
    cross join lateral (
        select s.variant_id, s.sku
        from product.variants as s
        where s.sku = i.value ->> 'sku'
        limit 1
    ) as v
    order by v.variant_id, i.ordinality;
end;
$function$;

comment on function inventory.find_variants(jsonb) is
'The variant of each item, in ascending order of variant. Errors: PRODUCT_NOT_FOUND.';
