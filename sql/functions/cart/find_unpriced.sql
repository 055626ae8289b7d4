-- Which quantities have no price: a list may begin with ten units. For lines that would become
-- smaller; a function of its own, so that reading a cart costs no more where there are none.
create or replace function cart.find_unpriced(
    p_cart cart.carts, p_variant_ids bigint[], p_quantities integer[]
)
returns bigint[]
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select array_agg(l.variant_id)
from unnest(p_variant_ids) with ordinality as l (variant_id, line)
left join product.prices_in_force(
    p_variant_ids, p_quantities, (p_cart).currency, (
        select u.customer_group from account.users as u where u.user_id = (p_cart).user_id
    )
) as f on f.line = l.line
where f.price is null;
$function$;

comment on function cart.find_unpriced(cart.carts, bigint[], integer[]) is
'The variants of which so many units have no price in force, in the currency of a cart and for its
owner; null where all have one.';
