-- setup: four products; one sells most, one sells well, one sells seldom, one never
select core.set_context('staff:anna', 'req-1');
select product.import_products((
    select jsonb_agg(jsonb_build_object(
        'sku', p.sku, 'name', p.sku, 'price', 1, 'currency', 'EUR'
    ))
    from unnest(array['MOST', 'WELL', 'SELDOM', 'NEVER']) as p (sku)
));
select inventory.receive_stock((
    select jsonb_agg(jsonb_build_object('sku', p.sku, 'quantity', 100))
    from unnest(array['MOST', 'WELL', 'SELDOM', 'NEVER']) as p (sku)
));
create function pg_temp.sell(p_sku text, p_quantity integer)
returns void
language sql
volatile
as $function$
    insert into inventory.inventory_analytics (
        variant_id, day, opening, received, sold, returned, adjusted, transferred, closing,
        sellable_closing, stockout_minutes
    )
    select
        v.variant_id, (clock_timestamp() at time zone 'UTC')::date - 1, 100, 0, p_quantity, 0, 0,
        0, 100 - p_quantity, 100 - p_quantity, 0
    from product.variants as v
    where v.sku = p_sku
$function$;
select pg_temp.sell('MOST', 80);
select pg_temp.sell('WELL', 15);
select pg_temp.sell('SELDOM', 5);
delete from events.outbox_events;

-- case: A is what makes up the first 80 % of the units, B up to 95 %, C the rest
select results_eq(
    'select * from inventory.classify_stock()',
    $$
    values
    ('A', 'A', 1::bigint, 80::bigint, 1::bigint), ('B', 'B', 1, 15, 1), ('C', 'C', 2, 5, 2)
    $$
);
select bag_eq(
    $$
    select v.sku, c.code, i.version, i.last_updated_by
    from inventory.inventory as i
    inner join product.variants as v on v.variant_id = i.variant_id
    inner join inventory.inventory_categories as c on c.category_id = i.category_id
    $$,
    $$
    values
    ('MOST', 'A', 3::bigint, 'staff:anna'), ('WELL', 'B', 3, 'staff:anna'),
    ('SELDOM', 'C', 3, 'staff:anna'), ('NEVER', 'C', 3, 'staff:anna')
    $$
);
select is(count(*), 4, 'an event each')
from events.outbox_events as e
where e.event_type = 'stock.categorized';
delete from events.outbox_events;
select is(sum(c.changed), 0, 'nothing new') from inventory.classify_stock() as c;
select is_empty('table events.outbox_events', 'nothing has changed');

-- case: another category of the same class is kept, one of another class is not
select inventory.set_inventory_category('FRAGILE', 'Fragile', 'A', 7, 0);
select inventory.assign_inventory_category(
    '[{"sku": "MOST", "category": "FRAGILE"}, {"sku": "NEVER", "category": "FRAGILE"}]'
);
select results_eq(
    'select c.abc_class, c.category, c.changed from inventory.classify_stock() as c',
    $$values ('A', 'FRAGILE', 0::bigint), ('B', 'B', 1), ('C', 'C', 2)$$
);

-- case: the shares are rules, and old sales do not count
select core.set_business_rule('abc_a_percent', 81, 1);
select results_eq(
    'select c.abc_class, c.skus from inventory.classify_stock() as c',
    $$values ('A', 2::bigint), ('C', 2)$$
);
update inventory.inventory_analytics set day = day - 100;
select results_eq(
    'select c.abc_class, c.skus from inventory.classify_stock() as c', $$values ('C', 4::bigint)$$
);

-- case: another location has its own stock, maybe none; an unknown one is refused
select inventory.create_location('TOWN', 'Shop in town', 2);
select is_empty($$select inventory.classify_stock('TOWN')$$, 'nothing there');
select throws_ok($$select inventory.classify_stock('CELLAR')$$, 'SHI08');

-- case: the same key and request get the stored answer; another request is refused
select inventory.classify_stock(null, 'c1');
select is(sum(c.changed), 4, 'as at first') from inventory.classify_stock(null, 'c1') as c;
select throws_ok($$select inventory.classify_stock('MAIN', 'c1')$$, 'SHC01');
