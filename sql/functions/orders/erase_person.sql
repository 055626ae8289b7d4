-- Take the person out of locked orders. Amounts, states, times and the reasons that figures are
-- made of stay; who it was, where it went, and what was written beside it goes.
--
-- What still has to be sent has to go somewhere: such orders stay for now. The session of a guest
-- is forgotten with the contact: it would lead back to who it was.
create or replace function orders.erase_person(p_order_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now constant timestamptz := clock_timestamp();
    v_open jsonb;
    v_erased_ids bigint[];
begin
    select jsonb_agg(o.order_number order by o.order_id) into v_open
    from orders.orders as o
    where o.order_id = any (p_order_ids) and o.status in ('pending', 'confirmed', 'processing');
    if v_open is not null then
        perform core.refuse('SHA08', jsonb_build_object('order_numbers', v_open));
    end if;

    update orders.order_notes as n
    set body = null, erased_at = v_now
    where n.order_id = any (p_order_ids) and n.erased_at is null;
    update orders.order_returns as r
    set comment = null
    where r.order_id = any (p_order_ids) and r.comment is not null;
    update orders.orders as o
    set guest_owner = null
    where o.order_id = any (p_order_ids) and o.guest_owner is not null;
    with erased as (
        update orders.order_contacts as c
        set
            email = null,
            phone = null,
            shipping_address = null,
            billing_address = null,
            erased_at = v_now
        where c.order_id = any (p_order_ids) and c.erased_at is null
        returning c.order_id
    )
    select array_agg(e.order_id order by e.order_id) into v_erased_ids
    from erased as e;
    perform payment.erase_words(p_order_ids);
    perform events.emit(
        'order.contact_erased', 'order', array_agg(t.order_id order by t.order_id),
        array_agg(t.version order by t.order_id),
        array_agg(jsonb_build_object(
            'order_id', t.order_id, 'order_number', t.order_number, 'version', t.version
        ) order by t.order_id)
    )
    from unnest(v_erased_ids) as e (order_id)
    cross join lateral orders.touch_order(e.order_id) as t;
end;
$function$;

comment on function orders.erase_person(bigint[]) is
'Empties the contacts of locked orders and what was written beside them: notes, comments of returns,
notes of refunds, evidence of disputes that are over. Errors: USER_HAS_OPEN_ORDERS.';
