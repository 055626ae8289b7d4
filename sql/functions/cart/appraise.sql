-- What is true of lines right now: price, availability, limits. One statement, however many lines.
create or replace function cart.appraise(
    p_cart cart.carts, p_variant_ids bigint[], p_quantities integer[]
)
returns table (
    line integer, variant_id bigint, sku text, name text, is_active boolean, price numeric,
    price_list text, base_price numeric, price_valid_until timestamptz, available bigint,
    held bigint, units_max integer
)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
-- The plan does not depend on the values, and planning it costs more than running it.
set plan_cache_mode = force_generic_plan
as $function$
#variable_conflict use_column
begin
    return query
    with rules as materialized (
        select
            core.rule('cart_line_units_max') as line_max,
            core.rule('cart_user_units_max') as user_max,
            (
                select u.customer_group from account.users as u where u.user_id = (p_cart).user_id
            ) as customer_group
    )
    select
        l.line::integer,
        l.variant_id,
        v.sku,
        v.name,
        v.is_active and p.status = 'active',
        f.price,
        f.price_list,
        f.base_price,
        f.valid_until,
        s.available + h.held,
        h.held,
        least(
            r.line_max, case when m.variant_id is null then r.user_max else m.max_units end
        )::integer
    from unnest(p_variant_ids) with ordinality as l (variant_id, line)
    cross join rules as r
    inner join product.variants as v on v.variant_id = l.variant_id
    inner join product.products as p on p.product_id = v.product_id
    left join cart.variant_limits as m on m.variant_id = l.variant_id
    left join product.prices_in_force(
        p_variant_ids, p_quantities, (p_cart).currency, (select g.customer_group from rules as g)
    ) as f on f.line = l.line
    cross join lateral (
        select coalesce(sum(k.available_stock), 0)::bigint as available
        from inventory.stock_levels as k
        where k.variant_id = l.variant_id
    ) as s
    cross join lateral (
        -- What the owner holds already is there for the owner.
        select coalesce(sum(o.open_quantity), 0)::bigint as held
        from inventory.inventory_reservations as o
        where o.variant_id = l.variant_id and o.owner = cart.owner_of(p_cart)
        and o.open_quantity > 0 and o.status = 'active' and o.expires_at > clock_timestamp()
    ) as h
    order by l.line;
end;
$function$;

comment on function cart.appraise(cart.carts, bigint[], integer[]) is
'For each variant and quantity: whether it sells, the price in force of one unit for the owner in
the currency of the cart (null where there is none), what the owner can have of it, holds of the
owner included, what of that the owner holds, and the most that one line may have (null is no
limit).';
