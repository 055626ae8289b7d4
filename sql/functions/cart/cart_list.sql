create or replace view cart.cart_list with (security_barrier = true) as
select
    c.cart_id,
    c.public_id,
    c.user_id,
    c.user_id is null as is_guest,
    c.currency,
    case
        when c.status = 'active' and c.expires_at <= pg_catalog.statement_timestamp()
        then 'expired'
        else c.status
    end as status,
    c.merged_into,
    c.version,
    i.lines,
    i.units,
    i.value_seen,
    c.created_at,
    c.updated_at,
    c.expires_at,
    c.closed_at
from cart.carts as c
cross join lateral (
    select
        count(*) as lines,
        coalesce(sum(t.quantity), 0)::bigint as units,
        coalesce(sum(t.quantity * t.price_seen), 0) as value_seen
    from cart.cart_items as t
    where t.cart_id = c.cart_id
) as i;

comment on view cart.cart_list is
'Carts with their lines, units and worth at the prices seen. Sessions are not shown: their tokens
are secrets. Replica: yes.';
grant select on cart.cart_list to cart_service;
