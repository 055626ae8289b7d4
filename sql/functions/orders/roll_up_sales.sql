-- Count what was sold since the last time. Each change is deleted by the statement that counts it,
-- so it counts once, however many run at once; those of transactions that are still at work are
-- counted next time. Rows of the totals are added to in the order of their key.
create or replace function orders.roll_up_sales(p_limit integer default 10000)
returns table (changes bigint, totals bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_limit is null or p_limit not between 1 and 1000000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of changes from 1 to 1000000'
        ));
    end if;
    return query
    with chosen as (
        select s.order_id, s.credit_no
        from orders.sales_changes as s
        order by s.order_id, s.credit_no
        limit p_limit
        for update skip locked
    ),
    counted as (
        delete from orders.sales_changes as c
        using chosen as n
        where c.order_id = n.order_id and c.credit_no = n.credit_no
        returning c.order_id, c.credit_no, c.credits_before
    ),
    sold as (
        select i.variant_id, i.currency, i.quantity as units, i.line_total as revenue
        from counted as c
        inner join orders.order_items as i on i.order_id = c.order_id
        where c.credit_no = 0
        union all
        -- What was credited before the order was confirmed, and what is credited now.
        select i.variant_id, i.currency, -k.quantity, -k.amount
        from counted as c
        inner join orders.order_credits as k on k.order_id = c.order_id and case c.credit_no
            when 0 then k.credit_no <= c.credits_before
            else k.credit_no = c.credit_no
        end
        inner join orders.order_items as i
            on i.order_id = k.order_id and i.line_no = k.line_no
    ),
    written as (
        insert into orders.variant_sales as t (variant_id, currency, units, revenue)
        select s.variant_id, s.currency, coalesce(sum(s.units), 0), sum(s.revenue)
        from sold as s
        group by s.variant_id, s.currency
        order by s.variant_id, s.currency
        on conflict on constraint variant_sales_pkey do update
            set
                units = t.units + excluded.units,
                revenue = t.revenue + excluded.revenue,
                updated_at = clock_timestamp()
        returning 1
    )
    select (select count(*) from counted), (select count(*) from written);
end;
$function$;

comment on function orders.roll_up_sales(integer) is
'Adds up to p_limit (1 to 1,000,000) orders that were confirmed, and credits of such, to what was
sold of each variant; returns how many were counted and how many rows of orders.variant_sales were
written. Run it every few minutes. Errors: INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function orders.roll_up_sales(integer) to orders_service;
