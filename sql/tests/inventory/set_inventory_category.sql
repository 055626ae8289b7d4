-- setup: somebody acts
select core.set_context('staff:anna', 'req-1');

-- case: a category is made, and edited against the version that was read
select results_eq(
    $$select * from inventory.set_inventory_category('FRAGILE', 'Zerbrechlich ü', 'B', 7, 0)$$,
    $$values ('FRAGILE', 'Zerbrechlich ü', 'B', 7, 1::bigint)$$
);
select results_eq(
    $$select * from inventory.set_inventory_category('A', 'Best sellers', 'A', 14, 1)$$,
    $$values ('A', 'Best sellers', 'A', 14, 2::bigint)$$
);
select bag_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - 'category_id', e.actor
    from events.outbox_events as e
    $$,
    $$
    values
    (
        'inventory_category.updated', 'inventory_category', 1::bigint,
        '{"code": "FRAGILE", "abc_class": "B", "count_every_days": 7, "version": 1}'::jsonb,
        'staff:anna'
    ),
    (
        'inventory_category.updated', 'inventory_category', 2,
        '{"code": "A", "abc_class": "A", "count_every_days": 14, "version": 2}', 'staff:anna'
    )
    $$
);
select is(c.updated_by, 'staff:anna', 'the actor')
from inventory.inventory_categories as c
where c.code in ('A', 'FRAGILE');

-- case: another version than the one that is there, and an unknown code, are refused
select throws_ok(
    format($$select inventory.set_inventory_category(%L, 'X', 'A', 1, %s)$$, b.code, b.version),
    b.error, null, b.code || b.version
)
from (values ('A', 0, 'SHC02'), ('A', 2, 'SHC02'), ('NONE', 1, 'SHI22')) as b (
    code, version, error
);

-- case: malformed arguments are refused
select throws_ok(
    format(
        'select inventory.set_inventory_category(%L, %L, %L, %L, %L)', b.code, b.name, b.class,
        b.days, b.version
    ),
    '22023', null, b.title
)
from (
    values
    (null, 'X', 'A', 1, 0, 'no code'),
    ('a', 'X', 'A', 1, 0, 'a small letter'),
    ('X', '', 'A', 1, 0, 'no name'),
    ('X', 'X', 'D', 1, 0, 'a class D'),
    ('X', 'X', null, 1, 0, 'no class'),
    ('X', 'X', 'A', 0, 0, 'no days'),
    ('X', 'X', 'A', 3651, 0, 'too many days'),
    ('X', 'X', 'A', null, 0, 'null days'),
    ('X', 'X', 'A', 1, null, 'no version')
) as b (code, name, class, days, version, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.set_inventory_category('A', 'A', 'A', 1, 1, 'c1');
delete from events.outbox_events;
select is(c.version, 2, 'once')
from inventory.set_inventory_category('A', 'A', 'A', 1, 1, 'c1') as c;
select throws_ok($$select inventory.set_inventory_category('A', 'A', 'A', 2, 2, 'c1')$$, 'SHC01');
select is_empty('table events.outbox_events', 'nothing was written');
