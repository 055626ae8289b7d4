-- setup: one category at the top
select core.set_context('staff:anna', 'req-1');
create temporary table kitchen as
select c.category_id from product.create_category('kitchen', 'Kitchen', null, 'k1') as c;
delete from events.outbox_events;

-- case: a category is made under another one
create temporary table mugs as
select c.category_id from product.create_category('mugs', 'Mugs', 'kitchen') as c;
select results_eq(
    $$
    select c.slug, c.name, c.parent_id, c.version, c.updated_by
    from product.categories as c
    inner join pg_temp.mugs as m on m.category_id = c.category_id
    $$,
    $$
    select 'mugs', 'Mugs', k.category_id, 1::bigint, 'staff:anna'
    from pg_temp.kitchen as k
    $$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.actor, e.request_id,
        e.payload
    from events.outbox_events as e
    $$,
    $$
    select
        'category.created', 'category', m.category_id, 1::bigint, 'staff:anna', 'req-1',
        jsonb_build_object(
            'category_id', m.category_id, 'slug', 'mugs', 'parent_slug', 'kitchen'
        )
    from pg_temp.mugs as m
    $$,
    'one event'
);

-- case: a category is made at the top
select lives_ok($$select product.create_category('garden', 'Garden')$$);
select is(count(*), 2, 'two at the top')
from product.categories as c
where c.parent_id is null;

-- case: names of any script are kept
select lives_ok(
    format('select product.create_category(%L, %L)', g.slug, g.name), g.name
)
from (
    values
    ('a', 'Café e' || chr(769) || ' 👩🏽‍💻'),
    ('2-for-1', 'فخار'),
    ('x', 'Mugs''); drop table product.categories; --'),
    (repeat('s', 100), repeat('n', 200))
) as g (slug, name);

-- case: a slug is taken once
select throws_ok($$select product.create_category('kitchen', 'Another')$$, 'SHP04', null);
select is(count(*), 1, 'the kitchen alone is there')
from product.categories;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown parent is refused
select throws_ok(
    format('select product.create_category(%L, %L, %L)', 'mugs', 'Mugs', b.parent_slug), 'SHP03',
    null, b.parent_slug
)
from (values ('cellar'), ('KITCHEN'), (''), ('mugs')) as b (parent_slug);
select is(count(*), 1, 'the kitchen alone is there')
from product.categories;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a malformed slug is refused
select throws_ok(
    format('select product.create_category(%L, %L)', b.slug, 'Mugs'), '22023', null,
    coalesce(left(b.slug, 40), 'null')
)
from (
    values
    (null), (''), ('Mugs'), ('mügs'), ('-mugs'), ('mugs-'), ('mugs--cups'), ('mugs cups'),
    ('mugs/cups'), (' mugs'), (E'mugs\n'), (repeat('s', 101))
) as b (slug);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a malformed name is refused
select throws_ok(
    format('select product.create_category(%L, %L)', 'mugs', b.name), '22023', null, b.title
)
from (
    values
    (null, 'none'), ('', 'nothing'), (repeat('n', 201), '201 characters'),
    ('  ', 'blanks alone'), (E'Mugs\n', 'a line end')
) as b (name, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
select results_eq(
    $$select * from product.create_category('kitchen', 'Kitchen', null, 'k1')$$,
    'table pg_temp.kitchen'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select throws_ok(
    $$select product.create_category('kitchen', 'Kitchens', null, 'k1')$$, 'SHC01', null
);
select throws_ok(
    $$select product.create_category('mugs', 'Mugs', null, '')$$, '22023', null, 'an empty key'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select product.create_category('mugs', 'Mugs', 'garden', 'k2')$$, 'SHP03', null
);
select product.create_category('garden', 'Garden');
select lives_ok($$select product.create_category('mugs', 'Mugs', 'garden', 'k2')$$);
