-- setup: a (b (c), d), e
select core.set_context('staff:anna', 'req-1');
select product.create_category('a', 'A');
select product.create_category('b', 'B', 'a');
select product.create_category('c', 'C', 'b');
select product.create_category('d', 'D', 'a');
select product.create_category('e', 'E');
delete from events.outbox_events;

-- case: a category moves with all below it, and only it has a new version
select results_eq(
    $$select m.slug, m.version, m.moved from product.move_category('b', 'e', 1) as m$$,
    $$values ('b', 2::bigint, 2)$$
);
select results_eq(
    'select c.slug, c.parent_slug, c.depth, c.version from product.category_list as c order by 1',
    $$
    values
    ('a', null, 1, 1::bigint), ('b', 'e', 2, 2), ('c', 'b', 3, 1), ('d', 'a', 2, 1),
    ('e', null, 1, 1)
    $$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - 'category_id'
    from events.outbox_events as e
    $$,
    $$
    values (
        'category.updated', 'category', 2::bigint,
        '{"slug": "b", "version": 2, "fields": ["parent"]}'::jsonb
    )
    $$,
    'one event'
);

-- case: a category moves to the top and back below
select is(m.moved, 2) from product.move_category('b', null, 1) as m;
select is(c.depth, 2) from product.category_list as c where c.slug = 'c';
select is(m.moved, 2) from product.move_category('a', 'e', 1) as m;
select is(m.moved, 2) from product.move_category('b', 'd', 2) as m;
select results_eq(
    $$select b.slug from product.list_breadcrumb('c') as b$$,
    array['e', 'a', 'd', 'b', 'c']
);

-- case: where it is already it stays
select results_eq(
    $$select m.version, m.moved from product.move_category('b', 'a', 1) as m$$,
    $$values (1::bigint, 0)$$
);
select is(m.moved, 0) from product.move_category('a', null, 1) as m;
select is_empty('table events.outbox_events', 'nothing was told');

-- case: no category stands below itself
select throws_ok(
    format('select product.move_category(%L, %L, 1)', b.slug, b.parent), 'SHP15', null,
    b.slug || ' below ' || b.parent
)
from (values ('a', 'a'), ('a', 'b'), ('a', 'c'), ('b', 'c')) as b (slug, parent);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the tree is not deeper than the rule allows, subtree included
select core.set_business_rule('category_depth_max', 3, 1);
delete from events.outbox_events;
select throws_ok($$select product.move_category('b', 'd', 1)$$, 'SHP14', null, 'four levels');
select throws_ok($$select product.create_category('f', 'F', 'c')$$, 'SHP14', null, 'a new one');
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok($$select product.move_category('b', 'e', 1)$$, 'three levels');
select core.set_business_rule('category_depth_max', 3, 2, null, false);
select lives_ok($$select product.create_category('f', 'F', 'c')$$, 'the rule is off');

-- case: what is not there and another version are refused
select throws_ok(
    format('select product.move_category(%L, %L, %L)', b.slug, b.parent, b.seen), b.sqlstate, null,
    concat_ws(' ', b.slug, b.parent, b.sqlstate)
)
from (
    values
    ('x', 'a', 1, 'SHP03'), (null, 'a', 1, 'SHP03'), ('b', 'x', 1, 'SHP03'), ('b', '', 1, 'SHP03'),
    ('b', 'e', 2, 'SHC02'), ('b', 'e', null, 'SHC02')
) as b (slug, parent, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.move_category('b', 'e', 1, 'k1');
delete from events.outbox_events;
select is(m.moved, 2, 'the stored answer') from product.move_category('b', 'e', 1, 'k1') as m;
select throws_ok($$select product.move_category('b', 'd', 2, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
