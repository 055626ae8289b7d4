-- setup: two categories
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_category('garden', 'Garden');
delete from events.outbox_events;

-- case: names, text and place change, the rest stays
select results_eq(
    $$
    select u.slug, u.version, u.fields
    from product.update_category('kitchen', '{"name": "Küche", "slug": "kueche", "position": 3}', 1)
        as u
    $$,
    $$values ('kueche', 2::bigint, '["name", "slug", "position"]'::jsonb)$$
);
select is(u.fields, '["description"]'::jsonb)
from product.update_category('kueche', '{"name": "Küche", "description": "Pots."}', 2) as u;
select results_eq(
    $$
    select c.slug, c.name, c.description, c.position, c.version, c.updated_by
    from product.categories as c
    where c.slug = 'kueche'
    $$,
    $$values ('kueche', 'Küche', 'Pots.', 3, 3::bigint, 'staff:anna')$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - 'category_id'
    from events.outbox_events as e
    order by e.event_id
    limit 1
    $$,
    $$
    values (
        'category.updated', 'category', 2::bigint,
        '{"slug": "kueche", "version": 2, "fields": ["name", "slug", "position"]}'::jsonb
    )
    $$
);
select is(count(*), 2, 'an event each') from events.outbox_events;

-- case: what is as it was makes no version and no event
select is(u.version, 1)
from product.update_category('kitchen', '{"name": "Kitchen", "slug": "kitchen"}', 1) as u;
select is(u.version, 1) from product.update_category('kitchen', '{}', 1) as u;
select is_empty('table events.outbox_events', 'nothing was told');

-- case: what is not there, taken, of another version or malformed is refused
select throws_ok(
    format('select product.update_category(%L, %L, %L)', b.slug, b.category, b.seen), b.sqlstate,
    null, concat_ws(' ', b.slug, left(b.category, 40), b.sqlstate)
)
from (
    values
    ('cellar', '{"name": "A"}', 1, 'SHP03'), (null, '{"name": "A"}', 1, 'SHP03'),
    ('kitchen', '{"slug": "garden"}', 1, 'SHP04'), ('kitchen', '{"name": "A"}', 2, 'SHC02'),
    ('kitchen', '{"name": "A"}', null, 'SHC02'), ('kitchen', null, 1, '22023'),
    ('kitchen', '[]', 1, '22023'), ('kitchen', '{"parent": "garden"}', 1, '22023'),
    ('kitchen', '{"slug": "A"}', 1, '22023'), ('kitchen', '{"slug": null}', 1, '22023'),
    ('kitchen', jsonb_build_object('slug', repeat('s', 101))::text, 1, '22023'),
    ('kitchen', '{"name": " "}', 1, '22023'),
    ('kitchen', jsonb_build_object('name', repeat('n', 201))::text, 1, '22023'),
    ('kitchen', jsonb_build_object('description', repeat('d', 10001))::text, 1, '22023'),
    ('kitchen', '{"position": -1}', 1, '22023')
) as b (slug, category, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.update_category('kitchen', '{"name": "A"}', 1, 'k1');
delete from events.outbox_events;
select is(u.version, 2, 'the stored answer')
from product.update_category('kitchen', '{"name": "A"}', 1, 'k1') as u;
select throws_ok(
    $$select product.update_category('kitchen', '{"name": "B"}', 2, 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
