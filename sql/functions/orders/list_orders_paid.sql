-- What was paid between two times, in that order.
create or replace function orders.list_orders_paid(
    p_from timestamptz,
    p_to timestamptz,
    p_limit integer default 100,
    p_cursor text default null
)
returns table (
    order_id bigint, order_number text, user_id bigint, status text, payment_status text,
    currency text, total numeric, credit_total numeric, placed_at timestamptz,
    paid_at timestamptz, version bigint, cursor text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
-- In the order of the index, however wide the span: a bitmap would read and sort all of it.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $function$
declare
    v_cursor record;
begin
    if p_from is null or p_to is null or p_to <= p_from then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_from, p_to', 'expected', 'two times, the first before the second'
        ));
    end if;
    perform orders.check_page(null, p_limit, 1000);
    v_cursor := orders.read_cursor('paid', p_cursor);
    -- One lower bound: of two, a scan of the index begins at either, and skips what is between.
    if v_cursor.happened_at < p_from then
        v_cursor.happened_at := p_from;
        v_cursor.order_id := 0;
    end if;
    return query
    select
        o.order_id, o.order_number, o.user_id, o.status, o.payment_status, o.currency, o.total,
        o.credit_total, o.placed_at, o.paid_at, o.version,
        'paid:' || (extract(epoch from o.paid_at) * 1000000)::bigint || ':' || o.order_id
    from orders.orders as o
    where o.paid_at is not null and o.paid_at < p_to
    and (o.paid_at, o.order_id) > (v_cursor.happened_at, v_cursor.order_id)
    order by o.paid_at, o.order_id
    limit p_limit;
end;
$function$;

comment on function orders.list_orders_paid(timestamptz, timestamptz, integer, text) is
'A page of the orders that were paid in full from one time on and before another, in that order.
Pages have 100 orders, at most 1,000; p_cursor is the cursor of the last row of the page before with
everything else alike, and past the end there is no row. Errors: CURSOR_INVALID, INVALID_ARGUMENT.
Replica: yes.';
grant execute on function orders.list_orders_paid(timestamptz, timestamptz, integer, text)
to orders_editor;
