-- One stock.updated a variant: what one call added or took, never a level, because without a lock
-- on the whole variant no level is the last one. Elements of the same variant are added up.
create or replace function inventory.emit_stock_updated(
    p_cause text,
    p_variant_ids bigint[],
    p_available bigint[],
    p_reserved bigint[],
    p_on_hand bigint[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform events.emit(
        'stock.updated', 'variant', array_agg(d.variant_id), array_agg(null::bigint),
        array_agg(jsonb_build_object(
            'variant_id', d.variant_id, 'sku', v.sku, 'cause', p_cause,
            'available', d.available, 'reserved', d.reserved, 'on_hand', d.on_hand
        ))
    )
    from (
        select
            u.variant_id,
            sum(u.available) as available,
            sum(u.reserved) as reserved,
            sum(u.on_hand) as on_hand
        from unnest(p_variant_ids, p_available, p_reserved, p_on_hand)
            as u (variant_id, available, reserved, on_hand)
        group by u.variant_id
    ) as d
    cross join lateral (
        select s.sku from product.variants as s where s.variant_id = d.variant_id limit 1
    ) as v
    where (d.available, d.reserved, d.on_hand) <> (0, 0, 0)
    having count(*) > 0;
end;
$function$;

comment on function inventory.emit_stock_updated(text, bigint[], bigint[], bigint[], bigint[]) is
'Writes stock.updated for each variant with what the call changed: units available, reserved, on
hand.';
