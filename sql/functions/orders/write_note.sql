-- Write a note beside a locked order. The event tells that there is one, not what it says: people
-- write names into notes.
create or replace function orders.write_note(
    p_order orders.orders, p_visibility text, p_body text
)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_note_no integer;
begin
    if p_body is null or length(p_body) not between 1 and 10000
    or translate(p_body, chr(9) || chr(10) || chr(13), '') ~ '[[:cntrl:]]'
    or p_body !~ '[^[:space:]]' or payment.holds_card_data(p_body) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_body',
            'expected', 'text of 1 to 10000 characters without card data and without control'
            || ' characters but tabs and line ends'
        ));
    end if;
    insert into orders.order_notes as n (
        order_id, note_no, visibility, body, author, request_id, created_at
    )
    select
        (p_order).order_id, coalesce(max(o.note_no), 0) + 1, p_visibility, p_body, core.actor(),
        core.request_id(), clock_timestamp()
    from orders.order_notes as o
    where o.order_id = (p_order).order_id
    returning n.note_no into v_note_no;
    perform events.emit(
        'order.note_added', 'order', array[(p_order).order_id], array[v_note_no::bigint],
        array[jsonb_build_object(
            'order_id', (p_order).order_id, 'order_number', (p_order).order_number,
            'note_no', v_note_no, 'visibility', p_visibility
        )]
    );
    return orders.touch_order((p_order).order_id);
end;
$function$;

comment on function orders.write_note(orders.orders, text, text) is
'Adds a note to a locked order; returns the order as it is now. Errors: INVALID_ARGUMENT.';
