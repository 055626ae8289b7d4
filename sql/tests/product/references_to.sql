-- setup: a mug with stock and a hold, and one with nothing
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Pot", "price": 7.5, "currency": "EUR"}
]');
select inventory.create_location('MAIN', 'Main', 1)
where not exists (select from inventory.location_list);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 3}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:a');

-- case: tables that refer to a variant are named, its own parts are not
select results_eq(
    $$
    select r.value ->> 'table', r.value -> 'rows'
    from product.variants as v
    cross join lateral jsonb_array_elements(
        product.references_to(array[v.product_id], array[v.variant_id])
    ) as r
    where v.sku = 'MUG'
    order by 1
    $$,
    $$
    values
    ('inventory.inventory', '1'::jsonb), ('inventory.inventory_movements', '1'),
    ('inventory.inventory_reservations', '1'), ('inventory.stock_buckets', '1')
    $$
);
select is(product.references_to(array[v.product_id], array[v.variant_id]), '[]'::jsonb, v.sku)
from product.variants as v
where v.sku = 'POT';

-- case: a table that comes later is found too
create table product.wishes (variant_id bigint references product.variants (variant_id));
alter table product.wishes owner to shop_owner;
insert into product.wishes select v.variant_id from product.variants as v where v.sku = 'POT';
select is(
    product.references_to('{}', array[v.variant_id]),
    '[{"table": "product.wishes", "rows": 1}]'::jsonb
)
from product.variants as v
where v.sku = 'POT';

-- case: nothing has no references
select is(product.references_to('{}', '{}'), '[]'::jsonb);

-- case: an order names its variants for good
select orders.place_order('session:b', 'EUR', '[{"sku": "MUG", "quantity": 2}]');
select is(r.value -> 'rows', '1'::jsonb)
from product.variants as v
cross join lateral jsonb_array_elements(product.references_to('{}', array[v.variant_id])) as r
where v.sku = 'MUG' and r.value ->> 'table' = 'orders.order_items';
