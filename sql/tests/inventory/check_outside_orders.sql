-- setup: a hold of a cart that has become an order's, and one of an order that is kept elsewhere
select product.import_products(
    '[{"sku": "RED", "name": "Red mug", "price": 20, "currency": "EUR"}]'
);
select inventory.receive_stock('[{"sku": "RED", "quantity": 10}]');
create temporary table held as
select r.reservation
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 2}]', 'session:guest') as r;
select cart.add_item_to_cart('session:guest', 'RED', 2, 'EUR');
select orders.place_cart_order('session:guest');
create temporary table elsewhere as
select r.reservation
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 3}]', 'order:1001') as r;
delete from events.outbox_events;

-- case: the handle opens the hold no more
select throws_ok(
    format('select * from inventory.%I(array[%L])', f.name, h.reservation),
    'SHI28', 'the stock is held by an order of this shop', f.name
)
from held as h
cross join unnest(array[
    'release_reservations', 'commit_reservations', 'extend_reservations'
]) as f (name);
select is_empty('select from events.outbox_events', 'nothing was said');

-- case: nor when it was sold
update inventory.inventory_reservations
set status = 'consumed', closed_at = clock_timestamp()
where owner like 'order:%';
select throws_ok(
    format(
        'select * from inventory.%I(%L)', f.name,
        jsonb_build_array(jsonb_build_object('reservation', h.reservation))
    ),
    'SHI28', 'the stock is held by an order of this shop', f.name
)
from held as h
cross join unnest(array['ship_reservations', 'cancel_reservations']) as f (name);
select is(
    (select sum(t.available_stock) from inventory.stock_levels as t), 5::numeric, 'still held'
);

-- case: that of an order elsewhere is its owner's to end
select results_eq(
    format('select r.quantity from inventory.release_reservations(array[%L]) as r', e.reservation),
    'values (3)',
    'released'
)
from elsewhere as e;
