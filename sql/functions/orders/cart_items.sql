-- The lines of a cart as items of orders.place_order, with what the details say of single lines.
create or replace function orders.cart_items(p_cart cart.carts, p_details jsonb)
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_extras constant jsonb := p_details -> 'items';
    v_items jsonb;
    v_known jsonb;
    v_item bigint;
begin
    select
        jsonb_agg(
            jsonb_build_object('sku', v.sku, 'quantity', i.quantity)
            || case when i.price_seen is null then '{}'
                else jsonb_build_object('expected_price', i.price_seen)
            end
            order by i.added_at, i.variant_id
        ),
        jsonb_object_agg(v.sku, true)
    into v_items, v_known
    from cart.cart_items as i
    inner join product.variants as v on v.variant_id = i.variant_id
    where i.cart_id = p_cart.cart_id;
    if v_items is null then
        perform core.refuse('SHK06', '{"problems": [{"problem": "CART_EMPTY"}]}');
    end if;
    if v_extras is null then
        return v_items;
    end if;

    if jsonb_typeof(v_extras) = 'array' then
        select e.ordinality into v_item
        from jsonb_array_elements(v_extras) with ordinality as e
        where not coalesce(
            jsonb_typeof(e.value) = 'object' and v_known ? (e.value ->> 'sku')
            and jsonb_typeof(e.value -> 'sku') = 'string'
            and e.value - '{sku,discounts,taxes}'::text[] = '{}'
            and not exists (
                select
                from jsonb_array_elements(v_extras) with ordinality as o
                where o.ordinality < e.ordinality and o.value -> 'sku' = e.value -> 'sku'
            ), false
        )
        order by 1
        limit 1;
    end if;
    if jsonb_typeof(v_extras) <> 'array' or v_item is not null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_details', 'field', 'items', 'item', v_item,
            'expected', 'lines of the cart, each once: {"sku", "discounts"?, "taxes"?}'
        ));
    end if;
    return (
        select jsonb_agg(i.value || coalesce((
            select e.value
            from jsonb_array_elements(v_extras) as e
            where e.value -> 'sku' = i.value -> 'sku'
        ), '{}') order by i.ordinality)
        from jsonb_array_elements(v_items) with ordinality as i
    );
end;
$function$;

comment on function orders.cart_items(cart.carts, jsonb) is
'What is in a cart as items of an order, each with the price that the customer has seen.
Errors: CART_INVALID (it is empty), INVALID_ARGUMENT.';
