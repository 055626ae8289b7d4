-- setup: plenty of mugs, three pots, no cups
select core.set_context('job:alerts', 'req-1');
select product.import_products('[
    {"sku": "CUP", "name": "Cup", "price": 7.5, "currency": "EUR"},
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[
    {"sku": "CUP", "quantity": 1}, {"sku": "MUG", "quantity": 100}, {"sku": "POT", "quantity": 3}
]');
select inventory.adjust_stock('CUP', -1, 2, 'Broken');
delete from events.outbox_events;

-- case: what is low or sold out opens an alert, once
select results_eq(
    $$
    select a.sku, a.location, a.kind, a.status, a.threshold, a.observed
    from inventory.refresh_alerts() as a
    $$,
    $$
    values
    ('CUP', 'MAIN', 'low_stock', 'opened', 5, 0::bigint),
    ('CUP', 'MAIN', 'out_of_stock', 'opened', 0, 0),
    ('POT', 'MAIN', 'low_stock', 'opened', 5, 3)
    $$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id = a.alert_id, e.aggregate_seq,
        e.payload - 'variant_id' - 'location_id' - 'alert_id', e.actor, e.request_id
    from events.outbox_events as e
    inner join inventory.inventory_alerts as a on a.alert_id = e.aggregate_id
    inner join product.variants as v on v.variant_id = a.variant_id
    where v.sku = 'POT'
    $$,
    $$
    values (
        'alert.opened', 'alert', true, 1::bigint,
        '{"sku": "POT", "kind": "low_stock", "threshold": 5, "observed": 3}'::jsonb, 'job:alerts',
        'req-1'
    )
    $$
);
select is_empty('select inventory.refresh_alerts()', 'nothing new');
select is(count(*), 3, 'three alerts') from inventory.inventory_alerts;
select is(a.actor, 'job:alerts', 'the actor') from inventory.inventory_alerts as a;

-- case: it closes by itself when it has passed, and the next time is another alert
select inventory.refresh_alerts();
select inventory.receive_stock('[{"sku": "CUP", "quantity": 3}, {"sku": "POT", "quantity": 3}]');
delete from events.outbox_events;
select results_eq(
    $$
    select a.sku, a.kind, a.status, a.threshold, a.observed
    from inventory.refresh_alerts() as a
    $$,
    $$
    values
    ('CUP', 'out_of_stock', 'closed', 0, 3::bigint),
    ('POT', 'low_stock', 'closed', 5, 6)
    $$
);
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('alert.closed', 2::bigint), ('alert.closed', 2)$$
);
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 6}]', 'session:ann');
select results_eq(
    $$select a.sku, a.kind, a.status from inventory.refresh_alerts() as a$$,
    $$values ('POT', 'low_stock', 'opened'), ('POT', 'out_of_stock', 'opened')$$,
    'promised units are not available'
);
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: exactly the level is low, one more is not; of several buckets all count
select inventory.split_buckets('MUG', 7);
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 94}]', 'session:ann');
select is_empty(
    $$select from inventory.refresh_alerts() as a where a.sku = 'MUG'$$, 'six are available'
);
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ben');
select results_eq(
    $$select a.kind, a.observed from inventory.refresh_alerts() as a where a.sku = 'MUG'$$,
    $$values ('low_stock', 5::bigint)$$
);

-- case: a level that is raised or lowered opens and closes alerts, too
select inventory.configure_stock('MUG', 2, 100);
select is(count(*), 1, 'now low') from inventory.refresh_alerts() as a where a.sku = 'MUG';
select inventory.configure_stock('MUG', 3, 99);
select results_eq(
    $$select a.status, a.threshold, a.observed from inventory.refresh_alerts() as a$$,
    $$values ('closed', 100, 100::bigint)$$
);

-- case: above the overstock level is too much, at it is not
select inventory.set_overstock_level('MUG', 2, 100);
select is_empty(
    $$select from inventory.refresh_alerts() as a where a.sku = 'MUG'$$, 'a hundred'
);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 1}]');
select results_eq(
    $$select a.kind, a.threshold, a.observed from inventory.refresh_alerts() as a$$,
    $$values ('overstock', 100, 101::bigint)$$
);
select inventory.set_overstock_level('MUG', 4, null);
select results_eq(
    $$select a.kind, a.status from inventory.refresh_alerts() as a$$,
    $$values ('overstock', 'closed')$$
);

-- case: what is no longer for sale, or at a closed location, is not low any more
select inventory.refresh_alerts();
update product.products set status = 'archived' where name = 'Teapot';
select results_eq(
    $$select a.sku, a.status from inventory.refresh_alerts() as a$$, $$values ('POT', 'closed')$$
);
update inventory.locations set is_active = false where code = 'MAIN';
select results_eq(
    $$select a.sku, a.status from inventory.refresh_alerts() as a$$,
    $$values ('CUP', 'closed'), ('CUP', 'closed')$$
);

-- case: each location has its own
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 2}]', 'MAIN', 'TOWN');
select results_eq(
    $$select a.location, a.observed from inventory.refresh_alerts() as a where a.sku = 'MUG'$$,
    $$values ('TOWN', 2::bigint)$$
);

-- case: a batch takes so many, and the next one goes on
select is(count(*), 1, 'one') from inventory.refresh_alerts(1);
select is(count(*), 2, 'the rest') from inventory.refresh_alerts(2);
select is_empty('select inventory.refresh_alerts(1)', 'none');

-- case: it is remembered when it ran
select inventory.refresh_alerts();
select ok(j.ran_at is not null and j.actor = 'job:alerts', 'ran')
from inventory.stock_jobs as j
where j.job = 'refresh_alerts';

-- case: an update of a bucket that crosses no level touches no index
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann');
select is(
    (
        select array_agg(a.attname order by a.attname)
        from pg_index as i
        cross join lateral (
            select distinct (d.refobjsubid)::smallint as attnum
            from pg_depend as d
            where d.objid = i.indexrelid and d.refobjid = i.indrelid and d.refobjsubid > 0
        ) as k
        inner join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where i.indrelid = 'inventory.stock_buckets'::regclass
        and a.attname in ('available', 'is_low')
    ),
    array['is_low']::name[],
    'no index reads the number of units itself'
);

-- case: a malformed limit is refused
select throws_ok(
    format('select inventory.refresh_alerts(%L)', b.n), '22023', null, coalesce(b.n::text, 'null')
)
from (values (0), (-1), (100001), (null)) as b (n);
