-- Of an anonymized user no address, credential, payment method, contact of an order, name on a
-- review or active cart is left; of an order that the person was taken out of no note, comment of a
-- return, note of a refund, evidence of a dispute that is over, or session.
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
union all
select
    'order ' || c.order_id,
    jsonb_build_object('left', l.what)
from orders.order_contacts as c
cross join lateral (
    select 'session' as what from orders.orders as o
    where o.order_id = c.order_id and o.guest_owner is not null
    union
    select 'note' from orders.order_notes as n
    where n.order_id = c.order_id and n.created_at < c.erased_at and n.erased_at is null
    union
    select 'comment' from orders.order_returns as r
    where r.order_id = c.order_id and r.requested_at < c.erased_at and r.comment is not null
    union
    select 'note of a refund' from payment.refunds as r
    where r.order_id = c.order_id and r.requested_at < c.erased_at and r.note is not null
    union
    select 'evidence' from payment.payment_disputes as d
    inner join payment.dispute_evidence as e
        on e.order_id = d.order_id and e.dispute_id = d.dispute_id
    where d.order_id = c.order_id and d.closed_at is not null and e.erased_at is null
    and e.created_at < c.erased_at
) as l
where c.erased_at is not null
