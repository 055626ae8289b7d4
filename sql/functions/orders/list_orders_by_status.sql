-- What is in a state, longest first: the list that a worker polls. Each state has an index of its
-- own, so the statement names the state.
create or replace function orders.list_orders_by_status(
    p_status text,
    p_limit integer default 100,
    p_cursor text default null
)
returns table (
    order_id bigint, order_number text, user_id bigint, status text, payment_status text,
    fulfillment_status text, currency text, total numeric, credit_total numeric, lines integer,
    units bigint, placed_at timestamptz, since timestamptz, expires_at timestamptz,
    paid_at timestamptz, version bigint, cursor text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $function$
declare
    v_cursor record;
begin
    if p_status is null then
        perform orders.check_page('', p_limit, 1000);
    end if;
    perform orders.check_page(p_status, p_limit, 1000);
    v_cursor := orders.read_cursor(p_status, p_cursor);
    return query execute format(
        'select
            o.order_id, o.order_number, o.user_id, o.status, o.payment_status,
            o.fulfillment_status, o.currency, o.total, o.credit_total, o.line_count, o.unit_count,
            o.placed_at, case o.status when ''pending'' then o.placed_at else o.%2$I end,
            o.expires_at, o.paid_at, o.version,
            %1$L || '':'' || (extract(epoch from o.%2$I) * 1000000)::bigint || '':'' || o.order_id
        from orders.orders as o
        where o.status = %1$L and (o.%2$I, o.order_id) > ($1, $2)
        order by o.%2$I, o.order_id
        limit $3',
        p_status, case p_status when 'pending' then 'expires' else p_status end || '_at'
    )
    using v_cursor.happened_at, v_cursor.order_id, p_limit;
end;
$function$;

comment on function orders.list_orders_by_status(text, integer, text) is
'A page of the orders in a state, those that have been in it longest first; of pending ones those
that expire first. Pages have 100 orders, at most 1,000; p_cursor is the cursor of the last row of
the page before, and past the end there is no row. Errors: CURSOR_INVALID, INVALID_ARGUMENT.
Replica: yes.';
grant execute on function orders.list_orders_by_status(text, integer, text) to orders_editor;
