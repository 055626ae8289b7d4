-- What a plain read shows to be short: no lock is taken and nothing is written.
create or replace function inventory.find_shortages(
    p_variant_ids bigint[], p_quantities bigint[], p_location_id bigint
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_shortages jsonb;
begin
    select jsonb_agg(jsonb_build_object(
        'sku', v.sku, 'requested', l.quantity, 'available', coalesce(s.available, 0)
    ) order by v.sku)
    into v_shortages
    from unnest(p_variant_ids, p_quantities) as l (variant_id, quantity)
    cross join lateral (
        select p.sku from product.variants as p where p.variant_id = l.variant_id limit 1
    ) as v
    cross join lateral (
        select sum(a.available) as available
        from inventory.find_available(l.variant_id, p_location_id) as a
    ) as s
    where coalesce(s.available, 0) < l.quantity;
    return v_shortages;
end;
$function$;

comment on function inventory.find_shortages(bigint[], bigint[], bigint) is
'The lines that exceed what a plain read shows as available, with both figures; null where none
does.';
