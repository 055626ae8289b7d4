-- Note who carries a parcel. A carrier gives a number once; whoever comes second is told.
create or replace function orders.set_tracking(
    p_order orders.orders,
    p_fulfillment orders.order_fulfillment,
    p_carrier text,
    p_tracking text
)
returns orders.order_fulfillment
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_fulfillment orders.order_fulfillment;
begin
    perform core.check_text('p_carrier', p_carrier, 200) where p_carrier is not null;
    perform core.check_text('p_tracking', p_tracking, 200) where p_tracking is not null;
    if p_tracking is not null and p_carrier is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_carrier', 'expected', 'the carrier that gave the tracking number'
        ));
    end if;
    update orders.order_fulfillment as f
    set carrier = p_carrier, tracking = p_tracking
    where f.order_id = (p_fulfillment).order_id
    and f.fulfillment_no = (p_fulfillment).fulfillment_no
    returning f.* into v_fulfillment;
    return v_fulfillment;
exception
    when unique_violation then
        perform core.refuse('SHO35', jsonb_build_object(
            'order_number', (p_order).order_number,
            'fulfillment_no', (p_fulfillment).fulfillment_no, 'carrier', p_carrier,
            'tracking', p_tracking
        ));
        return null;
end;
$function$;

comment on function orders.set_tracking(
    orders.orders, orders.order_fulfillment, text, text
) is
'Writes carrier and tracking number of a parcel; returns it as it is now. The caller writes its
event. Errors: TRACKING_TAKEN, INVALID_ARGUMENT.';
