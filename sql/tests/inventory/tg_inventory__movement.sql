-- setup: ten mugs, and a teapot of which a row was opened
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 8}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 2}]');

-- case: what is on hand changes only with the next movement
select throws_ok(b.change, '23514', null, b.title)
from (
    values
    ('update inventory.inventory set on_hand = 11', 'more, without a movement'),
    ('update inventory.inventory set on_hand = 9', 'less, without a movement'),
    ('update inventory.inventory set damaged = 1', 'damaged, without a movement'),
    ('update inventory.inventory set last_seq = 1, on_hand = 8', 'back to an older movement'),
    ('update inventory.inventory set last_seq = 1', 'an older number'),
    ('update inventory.inventory set last_seq = 4, on_hand = 11', 'a number left out'),
    ('update inventory.inventory set last_seq = null, on_hand = 0, damaged = 0', 'no movement')
) as b (change, title);

-- case: the next number needs its movement by the end of the transaction
select throws_ok(
    $$
    update inventory.inventory set last_seq = 3, on_hand = 11;
    set constraints all immediate
    $$,
    '23503', null, 'there is none'
);
select throws_ok(
    $$
    insert into inventory.inventory_movements (
        variant_id, location_id, seq, kind, on_hand_before, on_hand_delta, on_hand_after,
        damaged_before, damaged_after, reason, actor
    )
    select i.variant_id, i.location_id, 3, 'adjustment', 10, 2, 12, 0, 0, 'Found', 'test'
    from inventory.inventory as i;
    update inventory.inventory set last_seq = 3, on_hand = 11;
    set constraints all immediate
    $$,
    '23503', null, 'it says something else'
);

-- case: other columns may change without a movement
select lives_ok(
    $$update inventory.inventory set min_stock_level = 7, version = version + 1$$
);

-- case: the refusal says which row it was
select is(
    detail_of('update inventory.inventory set on_hand = 11'),
    jsonb_build_object(
        'error', 'CHECK_VIOLATION', 'variant_id', i.variant_id, 'location_id', i.location_id,
        'last_seq', 2, 'new_last_seq', 2
    )
)
from inventory.inventory as i;
