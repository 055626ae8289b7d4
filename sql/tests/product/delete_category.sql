-- setup: kitchen (mugs, with a product), garden
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_category('mugs', 'Mugs', 'kitchen');
select product.create_category('garden', 'Garden');
select product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR", "category": "mugs"}]'
);
delete from events.outbox_events;

-- case: an empty category goes
select is(d.slug, 'garden') from product.delete_category('garden', 1) as d;
select bag_eq('select c.slug from product.categories as c', array['kitchen', 'mugs']);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - 'category_id'
    from events.outbox_events as e
    $$,
    $$values ('category.deleted', 'category', 2::bigint, '{"slug": "garden"}'::jsonb)$$,
    'one event'
);

-- case: one with categories or products in it is refused, with what they are
do $do$
declare
    v_detail text;
begin
    perform product.delete_category('kitchen', 1);
exception
    when sqlstate 'SHP13' then
        get stacked diagnostics v_detail = pg_exception_detail;
        perform set_config('test.detail', v_detail, true);
end;
$do$;
select is(
    current_setting('test.detail')::jsonb -> 'references',
    '[{"table": "product.categories", "rows": 1, "examples": ["mugs"]}]'::jsonb
);
select throws_ok($$select product.delete_category('mugs', 1)$$, 'SHP13', null, 'with a product');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an archived product is a reference, too
update product.products set status = 'archived';
select throws_ok($$select product.delete_category('mugs', 1)$$, 'SHP13', null);

-- case: what is not there and another version are refused
select throws_ok(
    format('select product.delete_category(%L, %L)', b.slug, b.seen), b.sqlstate, null,
    concat_ws(' ', b.slug, b.sqlstate)
)
from (
    values
    ('cellar', 1, 'SHP03'), (null, 1, 'SHP03'), ('garden', 2, 'SHC02'), ('garden', null, 'SHC02')
) as b (slug, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.delete_category('garden', 1, 'k1');
delete from events.outbox_events;
select is(d.slug, 'garden', 'the stored answer')
from product.delete_category('garden', 1, 'k1') as d;
select throws_ok($$select product.delete_category('mugs', 1, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
