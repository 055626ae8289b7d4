-- Put a quantity on a line of a locked cart, if that many can be had.
create or replace function cart.write_line(
    p_cart cart.carts, p_variant_id bigint, p_quantity bigint
)
returns cart.cart_items
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now record;
    v_item cart.cart_items;
    v_lines bigint;
    v_lines_max numeric;
begin
    select a.* into strict v_now
    from cart.appraise(
        p_cart, array[p_variant_id], array[least(p_quantity, 999999999)::integer]
    ) as a;
    if not v_now.is_active then
        perform core.refuse('SHP02', jsonb_build_object('skus', jsonb_build_array(v_now.sku)));
    end if;
    if p_quantity > coalesce(v_now.units_max, 999999999) then
        perform core.refuse('SHK03', jsonb_build_object(
            'sku', v_now.sku, 'requested', p_quantity,
            'limit', coalesce(v_now.units_max, 999999999), 'of', 'units'
        ));
    end if;
    if p_quantity > v_now.available then
        perform core.refuse('SHI01', jsonb_build_object('shortages', jsonb_build_array(
            jsonb_build_object(
                'sku', v_now.sku, 'requested', p_quantity, 'available', v_now.available
            )
        )));
    end if;
    if v_now.price is null then
        perform core.refuse('SHK07', jsonb_build_object(
            'sku', v_now.sku, 'currency', (p_cart).currency
        ));
    end if;

    update cart.cart_items as i
    set
        quantity = p_quantity,
        name_seen = v_now.name,
        price_seen = v_now.price,
        price_seen_at = clock_timestamp(),
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where i.cart_id = (p_cart).cart_id and i.variant_id = p_variant_id
    returning i.* into v_item;
    if not found then
        select count(*) into v_lines
        from cart.cart_items as i
        where i.cart_id = (p_cart).cart_id;
        v_lines_max := core.rule('cart_lines_max');
        if v_lines >= v_lines_max then
            perform core.refuse('SHK03', jsonb_build_object(
                'sku', v_now.sku, 'requested', v_lines + 1, 'limit', trunc(v_lines_max),
                'of', 'lines'
            ));
        end if;
        insert into cart.cart_items (
            cart_id, variant_id, quantity, name_seen, price_seen, updated_by
        )
        values (
            (p_cart).cart_id, p_variant_id, p_quantity, v_now.name, v_now.price, core.actor()
        )
        returning * into v_item;
    end if;
    return v_item;
end;
$function$;

comment on function cart.write_line(cart.carts, bigint, bigint) is
'Sets the quantity of a line, with the price in force as the price seen; returns the line. Errors:
PRODUCT_NOT_ACTIVE, CART_LIMIT_EXCEEDED, INSUFFICIENT_STOCK (with what can be had),
PRICE_UNAVAILABLE.';
