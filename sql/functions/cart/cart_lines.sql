-- The lines of a cart as they are now, and what is wrong with each.
create or replace function cart.cart_lines(p_cart cart.carts)
returns table (
    line integer, variant_id bigint, sku text, name text, is_active boolean, quantity integer,
    price_seen numeric, price numeric, price_list text, base_price numeric,
    price_valid_until timestamptz, available bigint, held bigint, units_max integer,
    repaired_quantity integer, problems jsonb
)
language sql
stable
security invoker
-- A cart has few lines; for a thousand, which is the default, all variants would be read.
rows 20
set search_path = pg_catalog, pg_temp
as $function$
with items as materialized (
    select
        i.variant_id,
        i.quantity,
        i.name_seen,
        i.price_seen,
        row_number() over (order by i.added_at, i.variant_id)::integer as line
    from cart.cart_items as i
    where i.cart_id = (p_cart).cart_id
),
lines as (
    select
        a.*,
        i.quantity,
        i.name_seen,
        i.price_seen,
        least(i.quantity, a.available, a.units_max)::integer as quantity_left,
        (select core.rule('cart_lines_max')) as lines_max
    from cart.appraise(
        p_cart, array(select t.variant_id from items as t order by t.line),
        array(select t.quantity from items as t order by t.line)
    ) as a
    inner join items as i on i.line = a.line
),
unpriced as materialized (
    select cart.find_unpriced(
        p_cart, array_agg(l.variant_id), array_agg(l.quantity_left)
    ) as variant_ids
    from lines as l
    where l.quantity_left < l.quantity
    having count(*) > 0
)
select
    l.line,
    l.variant_id,
    l.sku,
    -- A product that is no longer shown has the name under which it was chosen.
    case when l.is_active then l.name else l.name_seen end,
    l.is_active,
    l.quantity,
    l.price_seen,
    case when l.is_active then l.price end,
    case when l.is_active then l.price_list end,
    case when l.is_active then l.base_price end,
    case when l.is_active then l.price_valid_until end,
    l.available,
    l.held,
    l.units_max,
    case
        when not l.is_active or l.price is null or l.line > l.lines_max then 0
        when l.variant_id = any ((select u.variant_ids from unpriced as u)::bigint[]) then 0
        else l.quantity_left
    end,
    case
        when not l.is_active
            then jsonb_build_array(jsonb_build_object('problem', 'PRODUCT_NOT_ACTIVE'))
        else jsonb_path_query_array(
            jsonb_build_array(
                case when l.available < l.quantity then jsonb_build_object(
                    'problem', 'INSUFFICIENT_STOCK', 'requested', l.quantity,
                    'available', l.available
                ) end,
                case when l.quantity > l.units_max then jsonb_build_object(
                    'problem', 'CART_LIMIT_EXCEEDED', 'requested', l.quantity,
                    'limit', l.units_max, 'of', 'units'
                ) end,
                case when l.line > l.lines_max then jsonb_build_object(
                    'problem', 'CART_LIMIT_EXCEEDED', 'requested', l.line,
                    'limit', trunc(l.lines_max), 'of', 'lines'
                ) end,
                case
                    when l.price is null
                        then jsonb_build_object('problem', 'PRICE_UNAVAILABLE')
                    when l.price is distinct from l.price_seen then jsonb_build_object(
                        'problem', 'PRICE_CHANGED', 'price_seen', l.price_seen, 'price', l.price
                    )
                end
            ),
            '$[*] ? (@ != null)'
        )
    end
from lines as l
order by l.line;
$function$;

comment on function cart.cart_lines(cart.carts) is
'The lines of a cart in the order in which they were put in, with price, availability and limits as
they are now, everything that is wrong, and the quantity that a repair would leave (0 takes the line
away). Prices of what no longer sells are null.';
