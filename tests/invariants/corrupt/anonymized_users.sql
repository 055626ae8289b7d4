-- case: an address is left
insert into account.addresses (
    user_id, kind, is_default, recipient, line1, city, country, updated_by
)
select u.user_id, 'shipping', true, 'Ben', '1', 'London', 'GB', 'nobody'
from account.users as u
where u.status = 'anonymized';

-- case: a name on a review is left
insert into product.product_reviews (product_id, user_id, rating, author_name, updated_by)
select p.product_id, u.user_id, 3, 'Ben', 'nobody'
from account.users as u
inner join product.products as p on p.code = 'POT'
where u.status = 'anonymized';

-- case: a note is left beside an erased order
update orders.order_contacts
set
    email = null, phone = null, shipping_address = null, billing_address = null,
    erased_at = clock_timestamp()
where order_id in (select n.order_id from orders.order_notes as n);

-- case: what a customer wrote about a return is left
update orders.order_returns set comment = 'Ann wrote';
update orders.order_contacts
set
    email = null, phone = null, shipping_address = null, billing_address = null,
    erased_at = clock_timestamp()
where order_id = (select min(r.order_id) from orders.order_returns as r);

-- case: a note of a refund is left
update payment.refunds set note = 'Ann wrote';
update orders.order_contacts
set
    email = null, phone = null, shipping_address = null, billing_address = null,
    erased_at = clock_timestamp()
where order_id = (select min(r.order_id) from payment.refunds as r);

-- case: evidence of a dispute that is over is left
update orders.order_contacts
set
    email = null, phone = null, shipping_address = null, billing_address = null,
    erased_at = clock_timestamp()
where order_id in (
    select e.order_id
    from payment.dispute_evidence as e
    inner join payment.payment_disputes as d
        on d.order_id = e.order_id and d.dispute_id = e.dispute_id
    where d.closed_at is not null
);

-- case: a session leads back to an erased order
update orders.orders
set user_id = null, guest_owner = 'session:' || repeat('a', 64)
where order_id = (select max(c.order_id) from orders.order_contacts as c);
update orders.order_contacts
set
    email = null, phone = null, shipping_address = null, billing_address = null,
    erased_at = clock_timestamp()
where order_id = (select max(c.order_id) from orders.order_contacts as c);
