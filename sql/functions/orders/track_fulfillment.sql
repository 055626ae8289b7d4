-- Say who carries a parcel under which number, and that the carrier has it.
create or replace function orders.track_fulfillment(
    p_order_number text,
    p_fulfillment_no integer,
    p_carrier text default null,
    p_tracking text default null,
    p_is_in_transit boolean default false,
    p_idempotency_key text default null
)
returns table (
    order_number text, status text, payment_status text, fulfillment_status text, total numeric,
    credit_total numeric, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'orders.track_fulfillment';
    v_response jsonb;
    v_order orders.orders;
    v_parcel orders.order_fulfillment;
    v_is_new boolean;
begin
    if p_is_in_transit is null
    or p_carrier is null and (p_tracking is not null or not p_is_in_transit) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_carrier', 'expected', 'a carrier, or that the parcel is in transit'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number, 'fulfillment_no', p_fulfillment_no, 'carrier', p_carrier,
        'tracking', p_tracking, 'is_in_transit', p_is_in_transit
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        v_parcel := orders.find_fulfillment(v_order, p_fulfillment_no);
        v_is_new := (p_carrier, p_tracking) is distinct from (v_parcel.carrier, v_parcel.tracking)
            and p_carrier is not null;
        if v_is_new then
            v_parcel := orders.set_tracking(v_order, v_parcel, p_carrier, p_tracking);
        end if;
        if p_is_in_transit and v_parcel.status <> 'in_transit' then
            v_parcel := orders.move_fulfillment(v_parcel, 'in_transit');
        elsif v_is_new then
            update orders.order_fulfillment as f
            set version = f.version + 1, updated_at = clock_timestamp(), updated_by = core.actor()
            where f.order_id = v_order.order_id and f.fulfillment_no = p_fulfillment_no
            returning f.* into v_parcel;
            perform orders.emit_fulfillment(v_parcel, 'tracked');
        end if;
        v_order := orders.note_fulfillment(v_order);
        v_response := orders.state_of(v_order.order_id);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        order_number text, status text, payment_status text, fulfillment_status text, total numeric,
        credit_total numeric, version bigint
    );
end;
$function$;

comment on function orders.track_fulfillment(text, integer, text, text, boolean, text) is
'Sets carrier and tracking number of a parcel, and with p_is_in_transit moves one that was sent to
in_transit. Errors: FULFILLMENT_NOT_FOUND, TRACKING_TAKEN, ILLEGAL_TRANSITION (with the legal
ones), ORDER_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.track_fulfillment(text, integer, text, text, boolean, text)
to orders_editor;
