-- End pending orders that are past their expiry, beside live traffic.
--
-- Orders that somebody is changing at this moment are skipped; one that a payment is under way for
-- is kept for as long as that may take. Each order ends in a subtransaction, so that a broken one
-- harms no other. The stock of all of them is credited at the end, at once, in lock order: one
-- order after the other would lock stock in no order at all.
create or replace function orders.cleanup_expired_orders(p_limit integer default 1000)
returns table (order_number text, status text, error text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- In a variable: a volatile function is never the condition of an index scan.
    v_now constant timestamptz := clock_timestamp();
    v_orders orders.orders[];
    v_order orders.orders;
    v_until timestamptz;
    v_end record;
    v_holds inventory.inventory_reservations[] := '{}';
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of orders from 1 to 100000'
        ));
    end if;
    v_orders := array(
        select o
        from orders.orders as o
        where o.status = 'pending' and o.expires_at <= v_now
        order by o.expires_at, o.order_id
        limit p_limit
        for no key update skip locked
    );
    -- All holds in ascending order, whatever the order of the expiries: buyers wait for overdue
    -- holds in that order, too.
    perform
    from unnest(v_orders) as o
    inner join orders.order_items as i on i.order_id = o.order_id
    inner join inventory.inventory_reservations as r
        on r.variant_id = i.variant_id and r.owner = 'order:' || o.order_id
        and r.open_quantity > 0
    order by r.reservation_id
    for no key update of r;

    foreach v_order in array v_orders loop
        order_number := v_order.order_number;
        status := v_order.status;
        error := null;
        begin
            v_until := payment.in_flight(v_order.order_id);
            if v_until > v_now then
                perform orders.extend_expiry(v_order, v_until);
                continue;
            end if;
            -- What was paid meanwhile is not thrown away.
            v_order := orders.record_money(v_order.order_id);
            status := v_order.status;
            if v_order.status = 'pending' then
                v_end := orders.end_order(v_order, 'expired', null);
                perform inventory.check_buckets(v_end.holds);
                v_holds := v_holds || v_end.holds;
                status := 'expired';
            end if;
        exception
            when integrity_constraint_violation or data_exception or no_data_found
            or sqlstate 'SH000' then
                status := 'pending';
                error := sqlstate || ': ' || sqlerrm;
        end;
        return next;
    end loop;
    perform inventory.credit_reservations('expire', v_holds)
    where cardinality(v_holds) > 0;
end;
$function$;

comment on function orders.cleanup_expired_orders(integer) is
'Ends up to p_limit (1 to 100,000) pending orders that are past their expiry, the longest overdue
first: their stock is available again, authorisations are voided. An order that a payment is under
way for is kept until that is over. Returns a row an order with its status now, or the error that
kept it as it was. A call is one transaction; repeat it until it returns no row without an error.
Errors: INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function orders.cleanup_expired_orders(integer) to orders_service;
