-- Give back what reservations kept before they were closed: one bucket a variant and location, in
-- ascending order, and one stock.updated a variant.
create or replace function inventory.credit_reservations(
    p_cause text, p_closed inventory.inventory_reservations[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_credit record;
begin
    perform inventory.emit_stock_updated(
        p_cause, array_agg(c.variant_id), array_agg(c.open_quantity::bigint),
        array_agg(-c.open_quantity::bigint), array_agg(0::bigint)
    )
    from unnest(p_closed) as c;

    for v_credit in
        select c.variant_id, c.location_id, sum(c.open_quantity) as quantity
        from unnest(p_closed) as c
        group by c.variant_id, c.location_id
        order by c.variant_id, c.location_id
    loop
        perform inventory.credit_stock(
            v_credit.variant_id, v_credit.location_id, v_credit.quantity
        );
    end loop;
end;
$function$;

comment on function inventory.credit_reservations(text, inventory.inventory_reservations[]) is
'Makes available what reservations kept back, given as they were before they were closed.';
