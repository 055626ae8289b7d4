-- Begin to keep stock of a variant at a location, with the limits in force; nothing where it is
-- kept.
create or replace function inventory.open_stock(p_variant_id bigint, p_location_id bigint)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into inventory.inventory (
        variant_id, location_id, max_on_hand, min_stock_level, overstock_level, last_updated_by
    )
    values (
        p_variant_id, p_location_id, coalesce(core.rule('on_hand_max'), 999999999),
        coalesce(core.rule('min_stock_level'), 0), core.rule('overstock_level'), core.actor()
    )
    on conflict on constraint inventory_pkey do nothing;
    if not found then
        return false;
    end if;
    insert into inventory.stock_buckets (variant_id, location_id, bucket, available)
    values (p_variant_id, p_location_id, 0, 0);
    perform inventory.mark_buckets(p_variant_id, p_location_id);
    perform events.emit(
        'stock.opened', 'variant', array[p_variant_id], null,
        array[jsonb_build_object('variant_id', p_variant_id, 'location_id', p_location_id)]
    );
    return true;
end;
$function$;

comment on function inventory.open_stock(bigint, bigint) is
'Makes an empty stock row with one bucket; false where there is one already.';
