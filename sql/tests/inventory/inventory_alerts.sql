-- setup: a low mug, an alert about it, and a day of its analytics
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 3}]');
select inventory.refresh_alerts();
select inventory.rebuild_analytics();
-- adds a copy of a row with changes; generated columns are left to the table
create function pg_temp.copy(p_table regclass, p_changes jsonb)
returns void
language plpgsql
volatile
as $function$
begin
    execute (
        select format(
            'insert into %1$s (%2$s) overriding system value select %3$s from (
            select t from %1$s as t order by t limit 1) as t
            cross join lateral jsonb_populate_record(t.t, $1) as r',
            p_table, string_agg(quote_ident(a.attname), ', '),
            string_agg('r.' || quote_ident(a.attname), ', ')
        )
        from pg_attribute as a
        where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = ''
    ) using p_changes;
end;
$function$;

-- case: of a kind one alert is open at most, and it was worth it
select lives_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_alerts', g.changes), g.changes
)
from (
    values
    ('{"alert_id": 1000001, "kind": "out_of_stock", "threshold": 0, "observed": 0}'),
    ('{"alert_id": 1000002, "kind": "overstock", "threshold": 2}'),
    ('{"alert_id": 1000003, "closed_at": "2999-01-01", "closed_observed": 9}')
) as g (changes);
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_alerts', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{"closed_at": "2999-01-01", "closed_observed": 9}', '23505'),
    ('{"alert_id": 1000004}', '23505'),
    ('{"alert_id": 1000004, "location_id": -1}', '23503'),
    ('{"alert_id": 1000004, "closed_at": "2999-01-01"}', '23514'),
    ('{"alert_id": 1000004, "closed_at": "2026-01-01", "closed_observed": 9}', '23514'),
    ('{"alert_id": 1000004, "kind": "no", "threshold": 2}', '23514'),
    ('{"alert_id": 4, "closed_at": "2999-01-01", "closed_observed": 9, "observed": 6}', '23514'),
    ('{"alert_id": 4, "closed_at": "2999-01-01", "closed_observed": 9, "observed": -1}', '23514'),
    ('{"alert_id": 4, "closed_at": "2999-01-01",
    "closed_observed": 9, "kind": "out_of_stock"}', '23514'),
    ('{"alert_id": 4, "closed_at": "2999-01-01",
    "closed_observed": 9, "kind": "overstock"}', '23514'),
    ('{"alert_id": 4, "closed_at": "2999-01-01", "closed_observed": 9, "kind": "out_of_stock",
    "threshold": 0}', '23514'),
    ('{"alert_id": 4, "closed_at": "2999-01-01", "closed_observed": 9, "kind": "out_of_stock",
    "observed": 0}', '23514')
) as b (changes, code);

-- case: a category of stock has a number and a code once, a name, a class and a frequency
select lives_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_categories', g.changes), g.changes
)
from (
    values
    ('{"category_id": 1000001, "code": "X"}')
) as g (changes);
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_categories', b.changes),
    b.code, null,
    b.changes
)
from (
    values
    ('{"code": "Y"}', '23505'),
    ('{"category_id": 1000002}', '23505'),
    ('{"category_id": 1000002, "code": "Y", "name": ""}', '23514'),
    (
        jsonb_build_object('category_id', 1000002, 'code', 'Y', 'name', repeat('n', 201))::text,
        '23514'
    ),
    ('{"category_id": 1000002, "code": "Y", "abc_class": "D"}', '23514'),
    ('{"category_id": 1000002, "code": "Y", "count_every_days": 0}', '23514'),
    ('{"category_id": 1000002, "code": "Y", "count_every_days": 3651}', '23514'),
    ('{"category_id": 1000002, "code": "y"}', '23514')
) as b (changes, code);

-- case: a day adds up, once, of a variant that exists
select lives_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_analytics', g.changes), g.changes
)
from (
    values
    ('{"day": "2026-01-01"}')
) as g (changes);
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_analytics', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{}', '23505'),
    ('{"variant_id": -1}', '23503'),
    ('{"day": "2026-01-02", "closing": 4}', '23514'),
    ('{"day": "2026-01-02", "sold": -1, "closing": 4}', '23514'),
    ('{"day": "2026-01-02", "received": -1, "adjusted": 4}', '23514'),
    ('{"day": "2026-01-02", "returned": -1, "adjusted": 1}', '23514'),
    ('{"day": "2026-01-02", "sellable_closing": 4}', '23514'),
    ('{"day": "2026-01-02", "sellable_closing": -1}', '23514'),
    ('{"day": "2026-01-02", "opening": -1, "adjusted": 1}', '23514'),
    ('{"day": "2026-01-02", "adjusted": -4, "closing": -4, "sellable_closing": -4}', '23514'),
    ('{"day": "2026-01-02", "stockout_minutes": -1}', '23514'),
    ('{"day": "2026-01-02", "stockout_minutes": 1441}', '23514')
) as b (changes, code);

-- case: progress is that of a stock row, once
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.analytics_progress', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{}', '23505'),
    ('{"location_id": -1}', '23503')
) as b (changes, code);

-- case: a job is a known one, once
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.stock_jobs', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{}', '23505'),
    ('{"job": "other"}', '23514')
) as b (changes, code);

-- case: invariants report what no constraint can refuse
update inventory.inventory_analytics set opening = 1, adjusted = -1;
select isnt_empty('select * from ops.invariant_analytics_add_up()', 'from nowhere');
delete from events.outbox_events where event_type = 'alert.opened';
select isnt_empty('select * from ops.invariant_alert_events()', 'nobody was told');
