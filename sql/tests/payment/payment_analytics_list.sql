-- setup: an order of 30.00 that is paid, of which 12.00 were refunded
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 10, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24.5, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "MUG", "quantity": 100}, {"sku": "POT", "quantity": 100}
]');
create function pg_temp.place(p_quantity integer)
returns text
language sql
as $$
select o.order_number
from orders.place_order('session:ann', 'EUR', jsonb_build_array(
    jsonb_build_object('sku', 'MUG', 'quantity', p_quantity)
)) as o
$$;
create function pg_temp.authorise(p_order_number text, p_ref text, p_amount numeric default null)
returns uuid
language sql
as $$
select r.payment
from payment.begin_payment(p_order_number, 'acme', p_amount => p_amount) as b
cross join lateral payment.process_payment_authorization(
    b.transaction, 'approved', 'au_' || p_ref
) as r
$$;
create function pg_temp.pay(p_order_number text, p_ref text)
returns uuid
language sql
as $$
select r.payment
from (select pg_temp.authorise(p_order_number, p_ref) as payment) as a
cross join lateral payment.begin_capture(a.payment) as b
cross join lateral payment.record_capture(b.transaction, 'succeeded', 'ch_' || p_ref) as r
$$;
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place(3) as o (order_number);
create temporary table asked as
select r.refund
from paid as p
cross join lateral payment.request_refund(p.order_number, 12) as r;
select payment.decide_refund(a.refund, 'approved')
from asked as a;
create temporary table begun as
select b.transaction
from asked as a
cross join lateral payment.begin_refund(a.refund) as b;
select payment.record_refund(b.transaction, 'succeeded', 're_1')
from begun as b;
delete from events.outbox_events;

-- case: nothing until it is counted, then a row a day, provider and currency
select is_empty('select * from payment.payment_analytics_list');
select payment.roll_up_payment_analytics();
select results_eq(
    'select l.provider, l.currency, l.approval_rate from payment.payment_analytics_list as l',
    $$values ('acme', 'EUR', 1.0::numeric)$$
);
