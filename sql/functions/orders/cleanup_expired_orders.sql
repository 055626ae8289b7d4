-- End pending orders that are past their expiry, beside live traffic.
--
-- Orders that somebody is changing at this moment are skipped; one that a payment is under way for
-- is kept for as long as that may take. Each order ends in a subtransaction, so that a broken one
-- harms no other. The stock of all of them is credited at the end, at once, in lock order: one
-- order after the other would lock stock in no order at all.
--
-- What is covered is not thrown away. It may have to reserve again what others have taken, and so
-- is done in a call that has no stock to credit.
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
    v_covered orders.orders[];
    v_order orders.orders;
    v_until timestamptz;
    v_due integer;
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
    select
        array_agg(o order by o.expires_at, o.order_id)
        filter (where m.covered >= o.total - o.credit_total),
        array_agg(o order by o.expires_at, o.order_id)
        filter (where m.covered < o.total - o.credit_total)
    into v_covered, v_orders
    from unnest(v_orders) as o
    cross join lateral orders.money_of(o.order_id) as m;
    v_orders := coalesce(v_orders, '{}');
    v_due := cardinality(v_orders);
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

    v_orders := v_orders || v_covered;
    for v_position in 1..cardinality(v_orders) loop
        exit when v_position > v_due and cardinality(v_holds) > 0;
        v_order := v_orders[v_position];
        order_number := v_order.order_number;
        status := v_order.status;
        error := null;
        begin
            if v_position > v_due then
                v_order := orders.record_money(v_order.order_id);
                status := v_order.status;
            else
                v_until := payment.in_flight(v_order.order_id);
                if v_until > v_now then
                    perform orders.extend_expiry(v_order, v_until);
                    continue;
                end if;
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
        exit when v_position > v_due and error is null;
    end loop;
    perform inventory.credit_reservations('expire', v_holds)
    where cardinality(v_holds) > 0;
end;
$function$;

comment on function orders.cleanup_expired_orders(integer) is
'Ends up to p_limit (1 to 100,000) pending orders that are past their expiry, the longest overdue
first: their stock is available again, authorisations are voided. An order that a payment is under
way for is kept until that is over; one that is covered is confirmed (or cancelled where its stock
is gone), once nothing else is due, one a call. Returns a row an order with its status now, or the
error that kept it as it was. A call is one transaction; repeat it until it returns no row without
an error.
Errors: INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function orders.cleanup_expired_orders(integer) to orders_service;
