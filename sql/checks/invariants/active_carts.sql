-- An owner has at most one active cart, and a merged cart has gone into one that is not merged into
-- it in turn.
select
    'cart ' || max(c.cart_id) as object,
    jsonb_build_object('carts_of_the_owner', count(*)) as detail
from cart.carts as c
where c.status = 'active'
group by c.user_id, c.session_token
having count(*) > 1
union all
select
    'cart ' || c.cart_id,
    jsonb_build_object('merged_into', c.merged_into, 'and_back', m.merged_into)
from cart.carts as c
inner join cart.carts as m on m.cart_id = c.merged_into
where m.merged_into = c.cart_id or m.created_at > c.closed_at
