-- What an order holds is the order's: its own functions extend, release, ship and cancel it, and a
-- handle from before the order was placed opens it no more.
create or replace function inventory.check_outside_orders(
    p_locked inventory.inventory_reservations[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_bad jsonb;
begin
    select jsonb_agg(jsonb_build_object(
        'reservation', l.variant_id || '-' || l.reservation_id, 'order_number', o.order_number
    ))
    into v_bad
    from unnest(p_locked) as l
    inner join orders.orders as o
        on o.order_id = case
            when l.owner like 'order:%' then split_part(l.owner, ':', 2)::bigint
        end;
    if v_bad is not null then
        perform core.refuse('SHI28', jsonb_build_object('reservations', v_bad));
    end if;
end;
$function$;

comment on function inventory.check_outside_orders(inventory.inventory_reservations[]) is
'Refuses reservations that belong to an order of this shop. Errors: RESERVATION_OF_ORDER.';
