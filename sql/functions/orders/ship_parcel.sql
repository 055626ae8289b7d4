-- Send a parcel of a locked order: a packed one, or a new one with units that are in none.
create or replace function orders.ship_parcel(
    p_order orders.orders,
    p_parcel orders.order_fulfillment,
    p_items jsonb,
    p_carrier text,
    p_tracking text,
    p_location text
)
returns orders.order_fulfillment
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_location_id bigint := case
        when p_location is not null then inventory.find_location(p_location)
    end;
    v_order orders.orders := p_order;
    v_parcel orders.order_fulfillment := p_parcel;
    v_money record;
    v_packed integer[];
    v_line_nos integer[];
    v_variant_ids bigint[];
    v_quantities integer[];
    v_draws jsonb;
begin
    if v_order.status not in ('confirmed', 'processing') then
        perform orders.refuse_transition(v_order, 'shipped');
    end if;
    v_money := orders.money_of(v_order.order_id);
    if v_money.authorized - v_money.charged_back < v_order.total - v_order.credit_total then
        perform core.refuse('SHO33', jsonb_build_object(
            'order_number', v_order.order_number, 'due', v_order.total - v_order.credit_total,
            'covered', v_money.authorized - v_money.charged_back
        ));
    end if;

    if v_parcel.order_id is null then
        select array_agg(c.line_no), array_agg(c.variant_id), array_agg(c.quantity)
        into v_line_nos, v_variant_ids, v_quantities
        from orders.choose_lines(v_order, p_items, orders.open_units(v_order.order_id)) as c;
        if v_line_nos is null then
            v_packed := array(
                select f.fulfillment_no
                from orders.order_fulfillment as f
                where f.order_id = v_order.order_id and f.status in ('pending', 'packed')
                order by f.fulfillment_no
            );
            if cardinality(v_packed) <> 1 then
                perform core.refuse('22023', jsonb_build_object(
                    'argument', 'p_fulfillment_no', 'packed', to_jsonb(v_packed),
                    'expected', 'the number of one of the packed parcels'
                ));
            end if;
            v_parcel := orders.find_fulfillment(v_order, v_packed[1]);
        end if;
    end if;
    if v_parcel.order_id is not null then
        -- One that has failed, say, has no stock any more to be short of.
        if v_parcel.status not in ('pending', 'packed') then
            perform orders.move_fulfillment(v_parcel, 'shipped');
        end if;
        select array_agg(p.line_no), array_agg(i.variant_id), array_agg(p.quantity)
        into v_line_nos, v_variant_ids, v_quantities
        from orders.fulfillment_items as p
        inner join orders.order_items as i on i.order_id = p.order_id and i.line_no = p.line_no
        where p.order_id = v_parcel.order_id and p.fulfillment_no = v_parcel.fulfillment_no;
        if v_parcel.location is not null then
            v_location_id := inventory.find_location(v_parcel.location);
        end if;
    end if;
    v_draws := inventory.draw_order_holds(
        v_order.order_id, v_variant_ids, v_quantities, v_location_id, v_parcel.fulfillment_no
    );
    if v_parcel.order_id is null then
        v_parcel := orders.add_parcel(
            v_order.order_id, v_line_nos, v_quantities,
            coalesce(p_location, inventory.location_of(v_draws))
        );
    end if;
    if p_carrier is not null or p_tracking is not null then
        v_parcel := orders.set_tracking(v_order, v_parcel, p_carrier, p_tracking);
    end if;
    v_parcel := orders.move_fulfillment(v_parcel, 'shipped');
    update orders.order_items as i
    set qty_shipped = i.qty_shipped + p.quantity
    from orders.fulfillment_items as p
    where p.order_id = v_parcel.order_id and p.fulfillment_no = v_parcel.fulfillment_no
    and i.order_id = p.order_id and i.line_no = p.line_no;
    v_order := orders.follow_fulfillment(v_order);
    perform inventory.ship_holds(
        v_draws, v_order.order_number || '/P' || v_parcel.fulfillment_no
    );
    return v_parcel;
end;
$function$;

comment on function orders.ship_parcel(
    orders.orders, orders.order_fulfillment, jsonb, text, text, text
) is
'Sends a packed parcel (null: one of the items, or of everything that is in none) of a locked
order; returns it. Errors: those of orders.ship_order.';
