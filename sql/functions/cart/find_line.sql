-- A line of a locked cart, by SKU.
create or replace function cart.find_line(p_cart cart.carts, p_sku text)
returns cart.cart_items
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_item cart.cart_items;
begin
    select i.* into v_item
    from product.variants as v
    inner join cart.cart_items as i
        on i.cart_id = (p_cart).cart_id and i.variant_id = v.variant_id
    where v.sku = p_sku;
    if not found then
        perform core.refuse('SHK05', jsonb_build_object('sku', p_sku));
    end if;
    return v_item;
end;
$function$;

comment on function cart.find_line(cart.carts, text) is
'The line of a SKU. Errors: CART_LINE_NOT_FOUND.';
