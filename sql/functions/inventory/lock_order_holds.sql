-- What an order still keeps back, held or sold, locked in ascending order. Nothing is skipped:
-- what a sweeper or another call is closing is waited for.
create or replace function inventory.lock_order_holds(p_order_id bigint, p_variant_ids bigint[])
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    return array(
        select r
        from inventory.inventory_reservations as r
        where r.variant_id = any (p_variant_ids) and r.owner = 'order:' || p_order_id
        and r.open_quantity > 0
        order by r.reservation_id
        for no key update
    );
end;
$function$;

comment on function inventory.lock_order_holds(bigint, bigint[]) is
'The holds of an order for variants that still keep units back, active and consumed, locked until
the end of the transaction.';
