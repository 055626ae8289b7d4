-- setup: mugs came four days ago and went three days ago; a pot never moved
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
create function pg_temp.today(p_days integer default 0)
returns date
language sql
volatile
return (clock_timestamp() at time zone 'UTC')::date + p_days;
insert into inventory.inventory_analytics (
    variant_id, day, opening, received, sold, returned, adjusted, transferred, closing,
    sellable_closing, stockout_minutes
)
select
    v.variant_id, d.day, d.opening, d.received, d.sold, 0, 0, 0, d.closing, d.closing as sellable,
    d.minutes
from product.variants as v
cross join (
    values (pg_temp.today(-4), 0, 10, 0, 10, 0), (pg_temp.today(-3), 10, 0, 10, 0, 600)
) as d (day, opening, received, sold, closing, minutes)
where v.sku = 'MUG';

-- case: every day has a row from the first movement on, also those on which nothing moved
select results_eq(
    $$
    select
        a.sku, a.day - pg_temp.today(), a.opening, a.received, a.sold, a.closing,
        a.stockout_minutes, a.turnover
    from inventory.get_inventory_analytics(
        array['MUG', 'POT', 'NONE'], pg_temp.today(-6), pg_temp.today(-1)
    ) as a
    $$,
    $$
    values
    ('MUG', -4, 0::bigint, 10::bigint, 0::bigint, 10::bigint, 0, 0::numeric),
    ('MUG', -3, 10, 0, 10, 0, 600, 2),
    ('MUG', -2, 0, 0, 0, 0, 1440, 0),
    ('MUG', -1, 0, 0, 0, 0, 1440, 0)
    $$
);

-- case: today counts until now, and days to come have no row
select results_eq(
    $$
    select
        a.day - pg_temp.today(),
        abs(a.stockout_minutes - extract(epoch from
            (clock_timestamp() at time zone 'UTC') - pg_temp.today()) / 60) < 2
    from inventory.get_inventory_analytics(array['MUG'], pg_temp.today(), pg_temp.today(9)) as a
    $$,
    'values (0, true)'
);

-- case: no SKU, no row; too many SKUs or days, and nulls, are refused
select is_empty(
    $$select inventory.get_inventory_analytics('{}', pg_temp.today(), pg_temp.today())$$
);
select is_empty(
    format('select inventory.get_inventory_analytics(%L, %L, %L)', array['MUG'], b.day, b.day),
    b.day::text
)
from (values (date '5874897-12-31'), ('294277-01-01'), ('4714-12-01 BC')) as b (day);
select throws_ok(
    format('select inventory.get_inventory_analytics(%L, %L, %L)', b.skus, b.f, b.t), '22023',
    null, b.title
)
from (
    values
    (null::text[], date '2026-01-01', date '2026-01-01', 'no SKUs'),
    (array_fill('MUG'::text, array[1001]), '2026-01-01', '2026-01-01', '1,001 SKUs'),
    (array['MUG'], null, '2026-01-01', 'no beginning'),
    (array['MUG'], '2026-01-01', null, 'no end'),
    (array['MUG'], '2026-01-02', '2026-01-01', 'backwards'),
    (array['MUG'], '2026-01-01', '2027-01-02', '367 days'),
    (array['MUG'], '-infinity', '-infinity', 'the beginning of time'),
    (array['MUG'], 'infinity', 'infinity', 'its end')
) as b (skus, f, t, title);
