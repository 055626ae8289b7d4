-- Of an anonymized user no address, credential, payment method, contact of an order, name on a
-- review or active cart is left.
select
    'user ' || u.user_id as object,
    jsonb_build_object('left', l.what) as detail
from account.users as u
cross join lateral (
    select 'address' as what from account.addresses as a where a.user_id = u.user_id
    union
    select 'credential' from account.credentials as c where c.user_id = u.user_id
    union
    select 'cart' from cart.carts as c where c.user_id = u.user_id and c.status = 'active'
    union
    select 'author' from product.product_reviews as r
    where r.user_id = u.user_id and r.author_name is not null
    union
    select 'contact' from orders.orders as o
    inner join orders.order_contacts as d on d.order_id = o.order_id
    where o.user_id = u.user_id and d.erased_at is null
    union
    select 'payment method' from payment.payment_methods as m
    where m.user_id = u.user_id and num_nonnulls(m.token, m.brand, m.last4, m.exp_month) > 0
) as l
where u.status = 'anonymized'
