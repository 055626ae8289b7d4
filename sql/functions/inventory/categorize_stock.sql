-- What assign_inventory_category and classify_stock share. Stock rows are locked in ascending
-- order of variant; those that are in their category already are not touched.
create or replace function inventory.categorize_stock(
    p_location_id bigint, p_variant_ids bigint[], p_category_ids bigint[]
)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_changed inventory.inventory[];
begin
    perform
    from inventory.inventory as i
    where i.variant_id = any (p_variant_ids) and i.location_id = p_location_id
    order by i.variant_id
    for no key update;
    with changed as (
        update inventory.inventory as i
        set
            category_id = w.category_id,
            version = i.version + 1,
            updated_at = clock_timestamp(),
            last_updated_by = core.actor()
        from unnest(p_variant_ids, p_category_ids) as w (variant_id, category_id)
        where i.variant_id = w.variant_id and i.location_id = p_location_id
        and i.category_id is distinct from w.category_id
        returning i.*
    )
    select array_agg(c order by c.variant_id) into v_changed from changed as c;
    perform events.emit(
        'stock.categorized', 'variant', array_agg(c.variant_id), array_agg(null::bigint),
        array_agg(jsonb_build_object(
            'variant_id', c.variant_id, 'location_id', c.location_id,
            'category_id', c.category_id, 'version', c.version
        ))
    )
    from unnest(v_changed) as c;
    return coalesce(cardinality(v_changed), 0);
end;
$function$;

comment on function inventory.categorize_stock(bigint, bigint[], bigint[]) is
'Puts stock rows of a location into categories; returns how many have changed.';
