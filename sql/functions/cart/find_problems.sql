-- Everything that is wrong with a cart, a row a problem.
create or replace function cart.find_problems(p_cart cart.carts)
returns table (
    sku text, problem text, quantity integer, repaired_quantity integer, detail jsonb
)
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select p.sku, p.problem, p.quantity, p.repaired_quantity, p.detail
from (
    select
        l.line, l.sku, e.value ->> 'problem' as problem, l.quantity, l.repaired_quantity,
        e.value - 'problem' as detail, e.ordinality
    from cart.cart_lines(p_cart) as l
    cross join lateral jsonb_array_elements(l.problems) with ordinality as e
    union all
    select 0, null, 'CART_EMPTY', null, null, '{}', 1
    where not exists (
        select from cart.cart_items as i where i.cart_id = (p_cart).cart_id
    )
) as p
order by p.line, p.ordinality;
$function$;

comment on function cart.find_problems(cart.carts) is
'Everything that is wrong with the lines of a cart, in their order; CART_EMPTY where it has none.';
