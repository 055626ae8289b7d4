-- Credit units of lines that the customer does not get or has given back.
--
-- Rounded from the beginning of the line each time: what n units are worth less what was credited
-- before. So the parts add up to the line, to the penny, in whatever steps. The line itself stays
-- as it was sold.
create or replace function orders.credit_units(
    p_order orders.orders,
    p_line_nos integer[],
    p_quantities integer[],
    p_has_shipping boolean,
    p_reason text
)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders;
    v_credit record;
    v_count integer := (p_order).credit_count;
    v_total numeric := (p_order).credit_total;
    v_shipping constant numeric := (p_order).shipping_total - (p_order).shipping_discount
        + case when (p_order).prices_include_tax then 0 else (p_order).shipping_tax end;
    v_nos bigint[] := '{}';
    v_payloads jsonb[] := '{}';
begin
    for v_credit in
        select
            i.line_no,
            n.quantity,
            (round(
                i.line_total * (c.quantity + n.quantity) / i.quantity, (p_order).exponent
            ) - c.amount)::numeric(19, 4) as amount
        from unnest(p_line_nos, p_quantities) as n (line_no, quantity)
        inner join orders.order_items as i
            on i.order_id = (p_order).order_id and i.line_no = n.line_no
        cross join lateral (
            select coalesce(sum(k.quantity), 0) as quantity, coalesce(sum(k.amount), 0) as amount
            from orders.order_credits as k
            where k.order_id = i.order_id and k.line_no = i.line_no
        ) as c
        where n.quantity > 0
        union all
        select null, null, v_shipping::numeric(19, 4)
        where p_has_shipping and v_shipping > 0 and not exists (
            select
            from orders.order_credits as k
            where k.order_id = (p_order).order_id and k.line_no is null
        )
        order by line_no
    loop
        v_count := v_count + 1;
        insert into orders.order_credits (
            order_id, credit_no, line_no, quantity, amount, credit_before, credit_after, reason,
            actor, request_id
        )
        values (
            (p_order).order_id, v_count, v_credit.line_no, v_credit.quantity, v_credit.amount,
            v_total, v_total + v_credit.amount, p_reason, core.actor(), core.request_id()
        );
        -- What is credited before the order is confirmed was never sold.
        insert into orders.sales_changes (order_id, credit_no, credits_before)
        select (p_order).order_id, v_count, 0
        where v_credit.line_no is not null and (p_order).confirmed_at is not null;
        v_total := v_total + v_credit.amount;
        v_nos := v_nos || v_count::bigint;
        v_payloads := v_payloads || jsonb_build_object(
            'order_id', (p_order).order_id, 'order_number', (p_order).order_number,
            'credit_no', v_count, 'line_no', v_credit.line_no, 'quantity', v_credit.quantity,
            'currency', (p_order).currency, 'amount', v_credit.amount, 'credit_total', v_total
        );
    end loop;
    if cardinality(v_nos) = 0 then
        return p_order;
    end if;
    update orders.orders as o
    set
        credit_count = v_count,
        credit_total = v_total,
        version = o.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where o.order_id = (p_order).order_id
    returning o.* into v_order;
    perform events.emit(
        'order.credited', 'order', array_fill(v_order.order_id, array[cardinality(v_nos)]), v_nos,
        v_payloads
    );
    return v_order;
end;
$function$;

comment on function orders.credit_units(orders.orders, integer[], integer[], boolean, text) is
'Writes credits for units of lines of a locked order, and for its shipping, if that was not
credited yet; returns the order as it is now. What becomes of the money is
payment.adjust_to_due''s.';
