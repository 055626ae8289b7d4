-- setup: a pending order of four
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 20, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 10}, {"sku": "POT", "quantity": 5}]');
create temporary table placed as
select o.order_id, o.order_number
from orders.place_order('session:guest', 'EUR', '[{"sku": "RED", "quantity": 4}]') as o;
create function pg_temp.reserve(p_items text)
returns text
language sql
as $function$
    select format(
        'select r.quantity from inventory.reserve_inventory(%L, %L) as r',
        p_items, 'order:' || p.order_id
    )
    from placed as p;
$function$;

-- case: it lacks nothing, so that nothing is reserved for it from outside
select throws_ok(
    pg_temp.reserve('[{"sku": "RED", "quantity": 1}]'),
    'SHI28', 'the stock is held by an order of this shop', 'one more'
);
select throws_ok(
    pg_temp.reserve('[{"sku": "POT", "quantity": 1}]'),
    'SHI28', 'the stock is held by an order of this shop', 'what it does not list'
);

-- case: nor where that would have to be decided under locks
select inventory.split_buckets('RED', 4);
select throws_ok(
    pg_temp.reserve('[{"sku": "RED", "quantity": 4}]'),
    'SHI28', 'the stock is held by an order of this shop', 'over all buckets'
);

-- case: what it has lost may be held again, and no more than that
select inventory.release_holds(array['order:' || p.order_id], array(
    select v.variant_id from product.variants as v where v.sku = 'RED'
))
from placed as p;
select throws_ok(
    pg_temp.reserve('[{"sku": "RED", "quantity": 5}]'),
    'SHI28', 'the stock is held by an order of this shop', 'five of four'
);
select results_eq(
    pg_temp.reserve('[{"sku": "RED", "quantity": 4}]'), 'values (4)', 'four of four'
);

-- case: a dead order gets nothing
select orders.cancel_order(p.order_number) from placed as p;
select throws_ok(
    pg_temp.reserve('[{"sku": "RED", "quantity": 1}]'),
    'SHI28', 'the stock is held by an order of this shop', 'cancelled'
);

-- case: nothing is held for an order that is still to come
select throws_ok(
    $$
    select inventory.reserve_inventory(
        '[{"sku": "RED", "quantity": 1}]', 'order:' || p.order_id + 1
    )
    from pg_temp.placed as p
    $$,
    'SHI28', 'the stock is held by an order of this shop', 'the next one'
);

-- case: an order that is kept elsewhere holds what it likes
select results_eq(
    $$
    select r.quantity
    from inventory.reserve_inventory('[{"sku": "RED", "quantity": 5}]', 'order:1001') as r
    $$,
    'values (5)',
    'five'
);
