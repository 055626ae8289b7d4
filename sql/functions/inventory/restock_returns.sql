-- Take back what customers send back: sellable units become available, damaged ones are on hand
-- without being for sale. One movement a variant, in lock order.
create or replace function inventory.restock_returns(
    p_variant_ids bigint[],
    p_quantities integer[],
    p_damaged integer[],
    p_location_id bigint,
    p_reference text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_line record;
    v_stock inventory.inventory;
begin
    perform inventory.emit_stock_updated(
        'return', array_agg(u.variant_id), array_agg((u.quantity - u.damaged)::bigint),
        array_agg(0::bigint), array_agg(u.quantity::bigint)
    )
    from unnest(p_variant_ids, p_quantities, p_damaged) as u (variant_id, quantity, damaged);

    for v_line in
        select
            u.variant_id, sum(u.quantity)::integer as quantity, sum(u.damaged)::integer as damaged
        from unnest(p_variant_ids, p_quantities, p_damaged) as u (variant_id, quantity, damaged)
        group by u.variant_id
        order by u.variant_id
    loop
        perform inventory.open_stock(v_line.variant_id, p_location_id);
        select i.* into strict v_stock
        from inventory.inventory as i
        where i.variant_id = v_line.variant_id and i.location_id = p_location_id
        for no key update;
        if v_stock.on_hand + v_line.quantity > v_stock.max_on_hand then
            perform core.refuse('SHI07', jsonb_build_object(
                'sku', (
                    select v.sku from product.variants as v
                    where v.variant_id = v_line.variant_id
                ),
                'on_hand', v_stock.on_hand, 'requested', v_stock.on_hand + v_line.quantity,
                'max_on_hand', v_stock.max_on_hand
            ));
        end if;
        perform inventory.move_stock(
            v_stock, 'return', v_line.quantity, v_line.damaged, null, p_reference, null
        );
        perform inventory.credit_stock(
            v_line.variant_id, p_location_id, v_line.quantity - v_line.damaged
        )
        where v_line.quantity > v_line.damaged;
    end loop;
end;
$function$;

comment on function inventory.restock_returns(bigint[], integer[], integer[], bigint, text) is
'Puts returned units on hand at a location; of each element, so many are damaged and not available.
Errors: STOCK_CEILING_EXCEEDED.';
