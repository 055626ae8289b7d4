-- Take the person off the orders of a user who is being anonymised, under the user's lock, which
-- keeps out new ones. What still has to be sent has to go somewhere: such a user stays for now.
create or replace function orders.forget_user(p_user_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_open jsonb;
    v_order_ids bigint[];
begin
    perform
    from orders.orders as o
    where o.user_id = p_user_id
    order by o.order_id
    for no key update;
    select jsonb_agg(o.order_number order by o.order_id) into v_open
    from orders.orders as o
    where o.user_id = p_user_id and o.status in ('pending', 'confirmed', 'processing');
    if v_open is not null then
        perform core.refuse('SHA08', jsonb_build_object(
            'user_id', p_user_id, 'order_numbers', v_open
        ));
    end if;

    with erased as (
        update orders.order_contacts as c
        set
            email = null,
            phone = null,
            shipping_address = null,
            billing_address = null,
            erased_at = clock_timestamp()
        from orders.orders as o
        where o.order_id = c.order_id and o.user_id = p_user_id and c.erased_at is null
        returning c.order_id
    )
    select array_agg(e.order_id order by e.order_id) into v_order_ids
    from erased as e;
    perform events.emit(
        'order.contact_erased', 'order', array_agg(t.order_id order by t.order_id),
        array_agg(t.version order by t.order_id),
        array_agg(jsonb_build_object(
            'order_id', t.order_id, 'order_number', t.order_number, 'version', t.version
        ) order by t.order_id)
    )
    from unnest(v_order_ids) as e (order_id)
    cross join lateral orders.touch_order(e.order_id) as t;
end;
$function$;

comment on function orders.forget_user(bigint) is
'Empties the contacts of a user''s orders, which stay as they are. Errors: USER_HAS_OPEN_ORDERS.';
