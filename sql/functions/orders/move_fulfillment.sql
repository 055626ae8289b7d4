-- Move a parcel of a locked order to another state, with its event.
create or replace function orders.move_fulfillment(
    p_fulfillment orders.order_fulfillment, p_to text
)
returns orders.order_fulfillment
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now constant timestamptz := clock_timestamp();
    v_legal constant text[] := case (p_fulfillment).status
        when 'pending' then array['packed', 'shipped', 'cancelled']
        when 'packed' then array['shipped', 'cancelled']
        when 'shipped' then array['in_transit', 'delivered', 'failed']
        when 'in_transit' then array['delivered', 'failed']
        when 'failed' then array['returned']
        else '{}'::text[]
    end;
    v_fulfillment orders.order_fulfillment;
begin
    if p_to <> all (v_legal) then
        perform core.refuse('SHO30', jsonb_build_object(
            'order_number', (
                select o.order_number from orders.orders as o
                where o.order_id = (p_fulfillment).order_id
            ),
            'of', 'fulfillment', 'fulfillment_no', (p_fulfillment).fulfillment_no,
            'status', (p_fulfillment).status, 'requested', p_to, 'legal', to_jsonb(v_legal)
        ));
    end if;
    update orders.order_fulfillment as f
    set
        status = p_to,
        packed_at = case p_to when 'packed' then v_now else f.packed_at end,
        shipped_at = case p_to when 'shipped' then v_now else f.shipped_at end,
        in_transit_at = case p_to when 'in_transit' then v_now else f.in_transit_at end,
        delivered_at = case p_to when 'delivered' then v_now else f.delivered_at end,
        failed_at = case p_to when 'failed' then v_now else f.failed_at end,
        returned_at = case p_to when 'returned' then v_now else f.returned_at end,
        cancelled_at = case p_to when 'cancelled' then v_now else f.cancelled_at end,
        version = f.version + 1,
        updated_at = v_now,
        updated_by = core.actor()
    where f.order_id = (p_fulfillment).order_id
    and f.fulfillment_no = (p_fulfillment).fulfillment_no
    returning f.* into v_fulfillment;
    perform orders.emit_fulfillment(v_fulfillment, p_to);
    return v_fulfillment;
end;
$function$;

comment on function orders.move_fulfillment(orders.order_fulfillment, text) is
'Moves a parcel of a locked order to a state; returns it as it is now. Errors: ILLEGAL_TRANSITION
(with the legal ones).';
