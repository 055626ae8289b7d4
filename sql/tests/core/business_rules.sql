-- case: whatever a function forgets, the tables refuse
select throws_ok(b.change, b.code, null, b.title)
from (
    values
    (
        $$update core.business_rules set value = -1 where name = 'cart_days'$$, '23514',
        'a limit below zero'
    ),
    (
        $$update core.business_rules set value = 1.5 where name = 'cart_days'$$, '23514',
        'a part of a day'
    ),
    (
        $$update core.business_rules set value = 1000000000 where name = 'order_units_max'$$,
        '23514', 'more units than an integer holds'
    ),
    (
        $$update core.business_rules set value = 36501 where name = 'cart_days'$$, '23514',
        'more days than a century has'
    ),
    (
        $$update core.business_rules set name = 'Cart days' where name = 'cart_days'$$, '23514',
        'a name that is no identifier'
    ),
    (
        $$update core.business_rules set name = 'price_max' where name = 'cart_days'$$, '23505',
        'a second general row'
    ),
    (
        $$update core.business_rules set currency = 'XXX' where name = 'price_max'$$, '23503',
        'an unknown currency'
    ),
    (
        $$update core.currencies set code = 'eur' where code = 'EUR'$$, '23514',
        'a currency in small letters'
    ),
    (
        $$update core.currencies set exponent = 5 where code = 'EUR'$$, '23514',
        'more digits than amounts have'
    ),
    ($$update core.currencies set exponent = -1 where code = 'EUR'$$, '23514', 'less than none')
) as b (change, code, title);

-- case: a rule and an answered call are there once
select throws_ok(
    $$
    insert into core.business_rules (business_rule_id, name, value, unit, description, updated_by)
    overriding system value
    select r.business_rule_id, 'another', 1, 'days', 'Another', 'test'
    from core.business_rules as r
    where r.name = 'cart_days'
    $$,
    '23505', null, 'a key twice'
);
insert into core.idempotency_keys (scope, key, request_hash, created_by)
values ('s', 'k', sha256('x'), 'test');
select throws_ok(
    $$
    insert into core.idempotency_keys (scope, key, request_hash, created_by)
    values ('s', 'k', sha256('y'), 'test')
    $$,
    '23505', null, 'a call twice'
);

-- case: a key has 1 to 255 characters, and a request its hash
select throws_ok(
    format(
        'insert into core.idempotency_keys (scope, key, request_hash, created_by)
        values (%L, %L, %L, %L)', 's', b.key, b.hash, 'test'
    ),
    '23514', null, b.title
)
from (
    values
    ('', sha256('x'), 'an empty key'),
    (repeat('k', 256), sha256('x'), 'a key of 256 characters'),
    ('k', '\x00'::bytea, 'something else than a hash')
) as b (key, hash, title);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('core')$$,
    $$
    values
    ('business_rules', 'currency'),
    ('idempotency_keys', 'response')
    $$,
    'columns that may be null'
);
