-- A cart with everything that its page shows: one call, and as many statements for fifty lines as
-- for one.
create or replace function cart.get_cart(p_owner text)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_cart constant cart.carts := cart.find_cart(p_owner);
    v_exponent smallint;
    v_result jsonb;
begin
    select c.exponent into v_exponent
    from core.currencies as c
    where c.code = v_cart.currency;

    select jsonb_build_object(
        'cart_id', v_cart.public_id,
        'version', coalesce(v_cart.version, 0),
        'currency', v_cart.currency,
        'updated_at', v_cart.updated_at,
        'expires_at', v_cart.expires_at,
        'is_valid', coalesce(bool_and(l.problems = '[]'), false),
        'lines', coalesce(jsonb_agg(jsonb_build_object(
            'line', l.line,
            'sku', l.sku,
            'name', l.name,
            'product', case when l.is_active then jsonb_build_object(
                'product_id', p.public_id, 'code', p.code, 'name', p.name
            ) end,
            'image', case when l.is_active then m.image end,
            'quantity', l.quantity,
            'price_seen', l.price_seen,
            'price', l.price,
            'price_list', l.price_list,
            'base_price', l.base_price,
            'price_valid_until', l.price_valid_until,
            'line_total', round(l.price * l.quantity, v_exponent),
            'available', l.available,
            'held', l.held,
            'max_quantity', least(l.available, l.units_max),
            'problems', l.problems
        ) order by l.line), '[]'),
        'totals', jsonb_build_object(
            'lines', count(l.line),
            'units', coalesce(sum(l.quantity), 0),
            'subtotal', coalesce(sum(round(l.price * l.quantity, v_exponent)), 0),
            'base_subtotal', coalesce(sum(
                round(coalesce(l.base_price, l.price) * l.quantity, v_exponent)
            ), 0),
            'subtotal_seen', coalesce(sum(round(l.price_seen * l.quantity, v_exponent)), 0)
        )
    )
    into v_result
    from cart.cart_lines(v_cart) as l
    inner join product.variants as v on v.variant_id = l.variant_id
    inner join product.products as p on p.product_id = v.product_id
    left join lateral (
        select jsonb_build_object('url', i.url, 'alt', i.alt) as image
        from product.product_images as i
        where i.product_id = p.product_id
        and (i.is_primary or i.variant_id = l.variant_id)
        order by i.variant_id is not distinct from l.variant_id desc, i.position
        limit 1
    ) as m on true;
    return v_result;
end;
$function$;

comment on function cart.get_cart(text) is
'The cart of user:<number> or session:<text> as its page shows it: currency, version, expiry; each
line with its SKU, product, image, quantity, the price of one unit that the customer has seen and
the one in force (with its list, the base price and how long it holds), what the owner can have of
it, what of that the owner holds, and what is wrong; totals, rounded on the line. What no longer
sells has neither product nor price. Without a cart: version 0 and no lines. Errors:
INVALID_ARGUMENT. Replica: yes.';
grant execute on function cart.get_cart(text) to cart_service;
