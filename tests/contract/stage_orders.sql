-- Orders in every state that a call of contract_support.py asks for, each of six dishes.
select product.import_products('[
    {"sku": "DISH", "name": "Dish", "price": 20, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "DISH", "quantity": 100}]');
create function pg_temp.place(p_name text)
returns text
language sql
as $function$
    insert into handles
    select
        p_name,
        o.order_number
    from orders.place_order(
        'session:buyer', 'EUR', '[{"sku": "DISH", "quantity": 6}]',
        '{"email": "buyer@example.com", "shipping": {"method": "post", "amount": 5}}'
    ) as o
    returning handle;
$function$;
create function pg_temp.pay(p_order_number text)
returns text
language sql
as $function$
    select p_order_number
    from payment.begin_payment(p_order_number, 'acme') as b
    cross join lateral payment.process_payment_authorization(
        b.transaction, 'captured', 'ref-' || b.transaction
    );
$function$;

select pg_temp.place('waiting_order');
select pg_temp.place('late_order');
update orders.orders as o
set expires_at = clock_timestamp() - interval '1 second'
from handles as h
where h.name = 'late_order' and h.handle = o.order_number;
select pg_temp.pay(pg_temp.place('paid_order'));
select orders.pack_order(pg_temp.pay(pg_temp.place('packed_order')), '[{"sku": "DISH"}]');

-- Nothing is due for it, so that no payment confirms it.
update core.business_rules set is_enabled = false where name = 'order_total_min';
insert into handles
select
    'free_order',
    o.order_number
from orders.place_agreed_order(
    'session:buyer', 'EUR', '[{"sku": "DISH", "quantity": 1, "unit_price": 0}]', 'a present'
) as o;
update core.business_rules set is_enabled = true where name = 'order_total_min';

-- A parcel is on its way, another one has failed.
select orders.ship_order(
    pg_temp.pay(pg_temp.place('sent_order')), '[{"sku": "DISH", "quantity": 2}]', 'DHL', 'X1'
);
select orders.ship_order(h.handle, null, 'DHL', 'X2')
from handles as h
where h.name = 'sent_order';
select orders.fail_fulfillment(h.handle, 2, 'moved')
from handles as h
where h.name = 'sent_order';

-- One return was asked for, another was approved; the next order has arrived and none is open.
select orders.ship_order(pg_temp.pay(pg_temp.place('returning_order')));
select orders.deliver_fulfillment(h.handle)
from handles as h
where h.name = 'returning_order';
select orders.request_return(h.handle, '[{"sku": "DISH", "quantity": 1}]', 'broken')
from handles as h
cross join generate_series(1, 2)
where h.name = 'returning_order';
select orders.decide_return(h.handle, 2, 'approved')
from handles as h
where h.name = 'returning_order';
select orders.ship_order(pg_temp.pay(pg_temp.place('arrived_order')));
select orders.deliver_fulfillment(h.handle)
from handles as h
where h.name = 'arrived_order';

-- A cart that holds some of what is in it, ready to be ordered.
select cart.add_item_to_cart('session:ready', 'DISH', 1, 'EUR');
select cart.reserve_cart('session:ready');
update cart.cart_items as i
set quantity = 2
from cart.carts as c
where c.cart_id = i.cart_id and c.session_token = 'ready';
insert into handles
select
    'ready_cart',
    c.public_id::text
from cart.carts as c
where c.session_token = 'ready';
