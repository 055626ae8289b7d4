-- setup: a category below another one, with a product
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_category('mugs', 'Mugs', 'kitchen');
select product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR", "category": "mugs"}]'
);
delete from events.outbox_events;

-- case: an archived category is hidden with all below it; its products are still sold
select results_eq(
    $$
    select s.slug, s.version, s.fields
    from product.set_category_status('kitchen', 'archived', 1) as s
    $$,
    $$values ('kitchen', 2::bigint, '["status"]'::jsonb)$$
);
select is_empty('table product.category_list', 'none is shown');
select results_eq(
    'select c.slug, c.status from product.category_admin_list as c order by 1',
    $$values ('kitchen', 'archived'), ('mugs', 'active')$$
);
select results_eq(
    'select p.code, p.category_slug from product.product_list as p', $$values ('MUG', null)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload -> 'fields' from events.outbox_events as e
    $$,
    $$values ('category.updated', 2::bigint, '["status"]'::jsonb)$$,
    'one event'
);
select product.set_category_status('kitchen', 'active', 2);
select is(count(*), 2, 'both are shown again') from product.category_list;

-- case: the status that it has is no change
select is(s.version, 1) from product.set_category_status('mugs', 'active', 1) as s;
select is_empty('table events.outbox_events', 'nothing was told');

-- case: what is not there, another version and an unknown status are refused
select throws_ok(
    format('select product.set_category_status(%L, %L, %L)', b.slug, b.status, b.seen), b.sqlstate,
    null, concat_ws(' ', b.slug, b.status, b.sqlstate)
)
from (
    values
    ('cellar', 'archived', 1, 'SHP03'), ('mugs', 'archived', 2, 'SHC02'),
    ('mugs', 'archived', null, 'SHC02'), ('mugs', 'draft', 1, '22023'), ('mugs', null, 1, '22023')
) as b (slug, status, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.set_category_status('mugs', 'archived', 1, 'k1');
delete from events.outbox_events;
select is(s.version, 2, 'the stored answer')
from product.set_category_status('mugs', 'archived', 1, 'k1') as s;
select throws_ok(
    $$select product.set_category_status('mugs', 'active', 2, 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
