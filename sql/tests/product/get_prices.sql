-- setup: a mug with a base price and tiers, a sale, and a list for the trade
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "NEW", "name": "New", "price": 1, "currency": "GBP"}
]');
select product.bulk_update_prices('[
    {"sku": "MUG", "currency": "EUR", "price": 7, "min_quantity": 10},
    {"sku": "MUG", "currency": "EUR", "price": 6, "min_quantity": 100}
]');
select product.create_price_list('sale', 'Sale', 10);
select product.create_price_list('trade', 'Trade', 20, 'trade');

-- case: the tier that the quantity reaches counts
select results_eq(
    $$
    select g.item, g.sku, g.quantity, g.currency, g.price, g.price_list, g.base_price, g.valid_until
    from product.get_prices('[
        {"sku": "MUG"}, {"sku": "MUG", "quantity": 9}, {"sku": "MUG", "quantity": 10},
        {"sku": "MUG", "quantity": 99}, {"sku": "MUG", "quantity": 100},
        {"sku": "MUG", "quantity": 999999999}, {"sku": "POT", "quantity": 5}
    ]', 'EUR') as g
    $$,
    $$
    values
    (1, 'MUG', 1, 'EUR', 8::numeric, 'base', 8::numeric, null::timestamptz),
    (2, 'MUG', 9, 'EUR', 8, 'base', 8, null),
    (3, 'MUG', 10, 'EUR', 7, 'base', 7, null),
    (4, 'MUG', 99, 'EUR', 7, 'base', 7, null),
    (5, 'MUG', 100, 'EUR', 6, 'base', 6, null),
    (6, 'MUG', 999999999, 'EUR', 6, 'base', 6, null),
    (7, 'POT', 5, 'EUR', 24, 'base', 24, null)
    $$
);

-- case: a list of higher priority goes first, with the base price beside it
select product.bulk_update_prices('[{"sku": "MUG", "currency": "EUR", "price": 7.5}]', 'sale');
select product.bulk_update_prices('[
    {"sku": "MUG", "currency": "EUR", "price": 5, "min_quantity": 10}
]', 'trade');
select results_eq(
    $$
    select o.customer_group, g.quantity, g.price, g.price_list, g.base_price
    from (values (null), ('trade'), ('vip')) as o (customer_group)
    cross join lateral product.get_prices('[
        {"sku": "MUG"}, {"sku": "MUG", "quantity": 10}
    ]', 'EUR', o.customer_group) as g
    order by 1 nulls first, 2
    $$,
    $$
    values
    (null, 1, 7.5::numeric, 'sale', 8::numeric),
    (null, 10, 7.5, 'sale', 7),
    ('trade', 1, 7.5, 'sale', 8),
    ('trade', 10, 5, 'trade', 7),
    ('vip', 1, 7.5, 'sale', 8),
    ('vip', 10, 7.5, 'sale', 7)
    $$,
    'a group sees its own list, everybody the sale'
);

-- case: of two lists alike in priority the younger one goes first
select product.create_price_list('flash', 'Flash', 10);
select product.bulk_update_prices('[{"sku": "MUG", "currency": "EUR", "price": 7.5}]', 'sale');
select product.bulk_update_prices('[{"sku": "MUG", "currency": "EUR", "price": 7.9}]', 'flash');
select is(g.price_list, 'flash', 'the list')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;

-- case: a list that is switched off, over or to come does not apply
select product.bulk_update_prices('[{"sku": "MUG", "currency": "EUR", "price": 7.5}]', 'sale');
select product.update_price_list('sale', 1, 'Sale', 10, null, null, false);
select is(g.price_list, 'base', 'switched off')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
select product.update_price_list('sale', 2, 'Sale', 10, null, now());
select is(g.price_list, 'base', 'over')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
select product.update_price_list('sale', 3, 'Sale', 10, now() + interval '1 day', null);
select is(g.price_list || ' ' || (g.valid_until = now() + interval '1 day'), 'base true', 'to come')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
select product.update_price_list('sale', 4, 'Sale', 10, now(), now() + interval '2 days');
select is(g.price_list || ' ' || (g.valid_until = now() + interval '2 days'), 'sale true', 'now')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;

-- case: a price holds until the first moment at which anything that has a say changes
select product.schedule_price(
    'MUG', 'EUR', 5, now() + interval '3 days', now() + interval '4 days', 'sale'
);
select is(g.valid_until, now() + interval '3 days', 'the sale')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
select is(g.valid_until, null, 'it says nothing of another thing')
from product.get_prices('[{"sku": "POT"}]', 'EUR') as g;
select product.schedule_price(
    'MUG', 'EUR', 6, now() + interval '1 day', null, p_min_quantity => 50
);
select is(g.valid_until, now() + interval '3 days', 'a tier that is not reached')
from product.get_prices('[{"sku": "MUG", "quantity": 49}]', 'EUR') as g;
select is(g.valid_until, now() + interval '1 day', 'a tier that is')
from product.get_prices('[{"sku": "MUG", "quantity": 50}]', 'EUR') as g;

-- case: where there is no price it is null
select results_eq(
    $$
    select g.sku, g.price, g.price_list, g.base_price
    from product.get_prices('[{"sku": "NEW"}, {"sku": "POT"}]', 'EUR') as g
    $$,
    $$values ('NEW', null, null, null::numeric), ('POT', 24::numeric, 'base', 24)$$
);

-- case: a price in a list alone has no base price beside it
select product.bulk_update_prices('[{"sku": "NEW", "currency": "EUR", "price": 2}]', 'sale');
select results_eq(
    $$
    select g.price, g.price_list, g.base_price
    from product.get_prices('[{"sku": "NEW"}]', 'EUR') as g
    $$,
    $$values (2::numeric, 'sale', null::numeric)$$
);

-- case: what is not for sale is as unknown as what never was
update product.variants set is_active = false where sku = 'MUG';
update product.products set status = 'draft' where code = 'POT';
update product.products set status = 'archived' where code = 'NEW';
select throws_ok(
    format('select product.get_prices(%L, %L)', jsonb_build_array(jsonb_build_object('sku', b.sku)),
    'EUR'), 'SHP01', null, b.sku
)
from (values ('MUG'), ('POT'), ('NEW'), ('NONE')) as b (sku);

-- case: a malformed call is refused
select throws_ok(
    format('select product.get_prices(%L, %L)', b.items, 'EUR'), '22023', null,
    coalesce(b.items, 'null')
)
from (
    values
    (null), ('[]'), ('{}'), ('[7]'), ('[{}]'), ('[{"sku": "MUG", "quantity": 0}]'),
    ('[{"sku": "MUG", "quantity": 1.5}]'), ('[{"sku": "MUG", "price": 1}]'), ('[{"sku": null}]')
) as b (items);
select throws_ok(
    format('select product.get_prices(%L, %L)', '[{"sku": "MUG"}]', b.currency), 'SHC04', null,
    coalesce(b.currency, 'null')
)
from (values ('XXX'), ('eur'), (''), (null)) as b (currency);
