-- A page of a customer's orders, the newest first.
--
-- The index leads with the status, so that one list serves all: without a status it is read once
-- for each, and the best of those few rows are the page. The cursor is the number of an order: it
-- tells nobody how many there are.
create or replace function orders.list_orders(
    p_owner text,
    p_status text default null,
    p_limit integer default 20,
    p_cursor text default null
)
returns table (
    order_number text, status text, payment_status text, fulfillment_status text, currency text,
    total numeric, credit_total numeric, lines integer, units bigint, first_items jsonb,
    placed_at timestamptz, expires_at timestamptz, version bigint, cursor text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $function$
declare
    v_owner constant record := cart.find_owner(p_owner);
    v_guest_owner constant text := orders.guest_owner(p_owner);
    v_statuses constant text[] := case
        when p_status is null then
            '{pending,confirmed,processing,shipped,delivered,completed,cancelled,expired}'
        else array[p_status]
    end;
    v_before_at timestamptz := 'infinity';
    v_before_id bigint := 0;
begin
    perform orders.check_page(p_status, p_limit, 100);
    if p_cursor is not null then
        select o.placed_at, o.order_id
        into v_before_at, v_before_id
        from orders.orders as o
        where o.order_number = p_cursor
        and (o.user_id = v_owner.user_id or o.guest_owner = v_guest_owner);
        if not found then
            perform core.refuse('SHP50', '{"argument": "p_cursor"}');
        end if;
    end if;

    return query
    select
        o.order_number, o.status, o.payment_status, o.fulfillment_status, o.currency, o.total,
        o.credit_total, o.line_count, o.unit_count,
        (
            select jsonb_agg(jsonb_build_object(
                'sku', i.sku, 'name', i.name, 'quantity', i.quantity
            ) order by i.line_no)
            from orders.order_items as i
            where i.order_id = o.order_id and i.line_no <= 3
        ),
        o.placed_at, case when o.status = 'pending' then o.expires_at end, o.version,
        o.order_number
    from (
        (
            select k.order_id
            from unnest(v_statuses) as s (status)
            cross join lateral (
                select w.order_id, w.placed_at
                from orders.orders as w
                where w.user_id = v_owner.user_id and w.status = s.status
                and (w.placed_at, w.order_id) < (v_before_at, v_before_id)
                order by w.placed_at desc, w.order_id desc
                limit p_limit
            ) as k
            where v_owner.user_id is not null
            order by k.placed_at desc, k.order_id desc
            limit p_limit
        )
        union all
        (
            select w.order_id
            from orders.orders as w
            where w.guest_owner = v_guest_owner and w.status = any (v_statuses)
            and (w.placed_at, w.order_id) < (v_before_at, v_before_id)
            order by w.placed_at desc, w.order_id desc
            limit p_limit
        )
    ) as n
    cross join lateral (
        select w.* from orders.orders as w where w.order_id = n.order_id limit 1
    ) as o
    order by o.placed_at desc, o.order_id desc;
end;
$function$;

comment on function orders.list_orders(text, text, integer, text) is
'A page of the orders of user:<number> or session:<text>, the newest first, optionally of one
status: number, states, sums, the first three lines, when it was placed and, while it is pending,
when it expires. Pages have 20 orders, at most 100; p_cursor is the cursor of the last row of the
page before with everything else alike, and past the end there is no row. Errors: CURSOR_INVALID,
INVALID_ARGUMENT. Replica: yes.';
grant execute on function orders.list_orders(text, text, integer, text) to orders_service;
