-- setup: a mug with a price, and a sale list
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select product.create_price_list('sale', 'Sale', 10);

-- case: two prices of one list, currency and quantity are never in force at one time
select throws_ok(b.change, '23P01', null, b.title)
from (
    values
    (
        $$
        insert into product.prices (
            variant_id, currency, price_list_id, amount, max_amount, updated_by
        )
        select x.variant_id, x.currency, x.price_list_id, 8, 9, 'test' from product.prices as x
        $$,
        'the same for good'
    ),
    (
        $$
        insert into product.prices (
            variant_id, currency, price_list_id, amount, max_amount, validity, updated_by
        )
        select
            x.variant_id, x.currency, x.price_list_id, 8, 9, tstzrange(now(), now() + '1 s'), 'test'
        from product.prices as x
        $$,
        'a second of it'
    )
) as b (change, title);

-- case: lists, currencies, quantities, and times that only touch, stand side by side
update product.prices set validity = tstzrange(null, '2030-01-01 00:00+00');
select lives_ok(
    $$
    insert into product.prices (
        variant_id, currency, price_list_id, min_quantity, amount, max_amount, validity, updated_by
    )
    select x.variant_id, o.currency, l.price_list_id, o.min_quantity, 8, 9, o.validity, 'test'
    from product.prices as x
    cross join (
        values
        ('base', 'EUR', 1, tstzrange('2030-01-01 00:00+00', null)),
        ('base', 'EUR', 2, '(,)'),
        ('base', 'GBP', 1, '(,)'),
        ('sale', 'EUR', 1, '(,)'),
        ('base', 'EUR', 1, 'empty'),
        ('base', 'EUR', 1, 'empty')
    ) as o (price_list, currency, min_quantity, validity)
    inner join product.price_lists as l on l.code = o.price_list
    $$
);

-- case: whatever a function forgets, the tables refuse
select throws_ok(b.change, '23514', null, b.title)
from (
    values
    ('update product.prices set amount = 0', 'a price of zero'),
    ('update product.prices set amount = max_amount + 0.01', 'a price above its limit'),
    ('update product.prices set min_quantity = 0', 'a tier from no unit on'),
    ('update product.prices set min_quantity = 1000000000', 'a tier beyond any cart'),
    ($$update product.prices set validity = tstzrange(null, now(), '[]')$$, 'an inclusive end'),
    ($$update product.prices set validity = tstzrange(now(), null, '()')$$, 'an open beginning'),
    ('update product.price_history set amount = 0', 'a past price of zero'),
    ($$update product.price_lists set code = 'Sale' where kind = 'sale'$$, 'a code in capitals'),
    ($$update product.price_lists set name = ''$$, 'a list without a name'),
    ($$update product.price_lists set kind = 'gone' where kind = 'sale'$$, 'an unknown kind'),
    ($$update product.price_lists set priority = 1 where kind = 'base'$$, 'a base before others'),
    ($$update product.price_lists set priority = 0 where kind = 'sale'$$, 'a sale behind the base'),
    ($$update product.price_lists set is_active = false where kind = 'base'$$, 'no base'),
    (
        $$update product.price_lists set validity = tstzrange(now(), null) where kind = 'base'$$,
        'a base for a time'
    ),
    ($$update product.price_lists set kind = 'group' where kind = 'sale'$$, 'a group of nobody'),
    (
        $$update product.price_lists set customer_group = 'vip' where kind = 'sale'$$,
        'a sale for a group'
    ),
    (
        $$update product.price_lists set kind = 'group', customer_group = 'V I P'
        where kind = 'sale'$$,
        'a group that is no code'
    ),
    (
        $$update product.price_lists set kind = 'group', customer_group = repeat('g', 65)
        where kind = 'sale'$$,
        'a group of a long code'
    ),
    ($$update product.price_lists set priority = 1000001 where kind = 'sale'$$, 'a vast priority'),
    ($$update product.price_lists set validity = 'empty' where kind = 'sale'$$, 'no time at all'),
    (
        $$update product.price_lists set validity = tstzrange(now(), now() + '1 d', '[]')
        where kind = 'sale'$$,
        'a list with an inclusive end'
    ),
    (
        $$update product.price_lists set validity = tstzrange(now(), null, '()')
        where kind = 'sale'$$,
        'a list with an open beginning'
    )
) as b (change, title);
select throws_ok(b.change, '23505', null, b.title)
from (
    values
    ($$update product.price_lists set code = 'x'$$, 'a second code'),
    (
        $$insert into product.price_lists (code, name, kind, priority, updated_by)
        values ('other', 'Other', 'base', 0, 'test')$$,
        'a second base list'
    )
) as b (change, title);

-- case: what others need cannot be deleted
select throws_like(
    'delete from product.price_lists', '%violates%foreign key constraint%', 'a list with prices'
);
select throws_like(
    'update product.price_history set price_id = price_id + 1', '%violates%foreign key constraint%',
    'a history without a price'
);

-- case: a price takes its history along
select lives_ok('delete from product.prices');
select is_empty('table product.price_history');
