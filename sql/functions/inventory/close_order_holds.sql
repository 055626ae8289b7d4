-- End all that an order keeps back. Touches no stock: what is returned is the caller's to credit,
-- so that a sweeper credits many orders at once, in lock order.
create or replace function inventory.close_order_holds(
    p_order_id bigint, p_variant_ids bigint[], p_status text
)
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_holds constant inventory.inventory_reservations[] := inventory.lock_order_holds(
        p_order_id, p_variant_ids
    );
    v_active constant inventory.inventory_reservations[] := array(
        select h from unnest(v_holds) as h where h.status = 'active'
    );
    v_sold jsonb;
begin
    perform inventory.close_reservations(v_active, p_status)
    where cardinality(v_active) > 0;
    select jsonb_agg(
        jsonb_build_object('reservation', h.variant_id || '-' || h.reservation_id)
    )
    into v_sold
    from unnest(v_holds) as h
    where h.status = 'consumed';
    perform inventory.take_open_quantity(v_sold, false)
    where v_sold is not null;
    return v_holds;
end;
$function$;

comment on function inventory.close_order_holds(bigint, bigint[], text) is
'Makes the active holds of an order released or expired, and gives up what it has not shipped of
the consumed ones; returns them as they were, for inventory.credit_reservations.';
