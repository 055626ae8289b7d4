-- setup: mugs that moved on three days, at two places
select core.set_context('job:analytics');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 4}]', 'MAIN', 'TOWN');
create function pg_temp.sell(p_quantity integer, p_location text)
returns void
language plpgsql
volatile
as $function$
declare
    v_reservation text;
begin
    select r.reservation into v_reservation
    from inventory.reserve_inventory(
        jsonb_build_array(jsonb_build_object('sku', 'MUG', 'quantity', p_quantity)), 'order:1',
        p_location
    ) as r;
    perform inventory.commit_reservations(array[v_reservation]);
    perform inventory.ship_reservations(
        jsonb_build_array(jsonb_build_object('reservation', v_reservation))
    );
end;
$function$;
-- puts a movement at so many hours after the beginning of the day in UTC, so many days ago
create function pg_temp.age(p_location text, p_seq integer, p_days integer, p_hours numeric)
returns void
language sql
volatile
as $function$
    update inventory.inventory_movements as m
    set created_at = (
        (clock_timestamp() at time zone 'UTC')::date - p_days + p_hours * interval '1 hour'
    ) at time zone 'UTC'
    from inventory.locations as l
    where l.location_id = m.location_id and l.code = p_location and m.seq = p_seq
$function$;
select pg_temp.age('MAIN', 1, 5, 6);
select pg_temp.age('MAIN', 2, 4, 6);
select pg_temp.age('TOWN', 1, 4, 6);

-- case: each day has what came, went and was there
select results_eq(
    'select r.days from inventory.rebuild_analytics() as r', 'values (2::bigint)'
);
select pg_temp.sell(3, 'MAIN');
select pg_temp.sell(1, 'TOWN');
select pg_temp.age('MAIN', 3, 2, 6);
select pg_temp.age('TOWN', 2, 2, 7);
select inventory.adjust_stock('MUG', 2, s.version, 'Found')
from inventory.stock_levels as s
where s.location = 'MAIN';
select pg_temp.age('MAIN', 4, 2, 8);
select results_eq(
    $$
    select r.from_day = (clock_timestamp() at time zone 'UTC')::date - 2, r.days
    from inventory.rebuild_analytics() as r
    $$,
    'values (true, 1::bigint)',
    'only the day that is new'
);
select results_eq(
    $$
    select
        (clock_timestamp() at time zone 'UTC')::date - a.day, a.opening, a.received, a.sold,
        a.returned, a.adjusted, a.transferred, a.closing, a.stockout_minutes, a.turnover
    from inventory.analytics_list as a
    order by a.day
    $$,
    $$
    values
    (
        5, 0::bigint, 10::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 10::bigint, 0,
        0::numeric
    ),
    (4, 10, 0, 0, 0, 0, 0, 10, 0, 0),
    (2, 10, 0, 4, 0, 2, 0, 8, 0, 0.4444)
    $$
);
select is_empty('select inventory.rebuild_analytics()', 'nothing new');
select is_empty('select * from ops.invariant_analytics_add_up()', 'true');

-- case: minutes without a sellable unit on hand are counted, over all places
select pg_temp.sell(6, 'MAIN');
select pg_temp.age('MAIN', 3, 3, 6);
select inventory.record_damage('MUG', 4, 0, s.version, 'Fell down', 'TOWN')
from inventory.stock_levels as s
where s.location = 'TOWN';
select pg_temp.age('TOWN', 2, 3, 12.5);
select inventory.record_damage('MUG', -1, 0, s.version, 'Glued', 'TOWN')
from inventory.stock_levels as s
where s.location = 'TOWN';
select pg_temp.age('TOWN', 3, 1, 1.25);
select inventory.rebuild_analytics();
select results_eq(
    $$
    select (clock_timestamp() at time zone 'UTC')::date - a.day, a.stockout_minutes, a.closing
    from inventory.analytics_list as a
    order by a.day
    $$,
    $$
    values (5, 0, 10::bigint), (4, 0, 10), (3, 690, 4), (1, 75, 4)
    $$,
    'from half past twelve; until a quarter past one'
);
select is_empty('select * from ops.invariant_analytics_add_up()', 'true');

-- case: before the first unit came nobody was out of stock
select inventory.rebuild_analytics();
select is(a.stockout_minutes, 0, 'six hours are not counted')
from inventory.analytics_list as a
order by a.day
limit 1;

-- case: what was built step by step is what is built at once
select pg_temp.sell(2, 'MAIN');
select pg_temp.age('MAIN', 3, 3, 9);
select inventory.rebuild_analytics();
select pg_temp.sell(4, 'TOWN');
select pg_temp.age('TOWN', 2, 3, 10);
select pg_temp.sell(4, 'MAIN');
select pg_temp.age('MAIN', 4, 3, 11);
select inventory.rebuild_analytics();
select inventory.receive_stock('[{"sku": "MUG", "quantity": 3}]');
select inventory.rebuild_analytics();
create temporary table stepwise as
select
    a.day, a.opening, a.received, a.sold, a.adjusted, a.transferred, a.closing,
    a.sellable_closing, a.stockout_minutes
from inventory.inventory_analytics as a;
delete from inventory.inventory_analytics;
delete from inventory.analytics_progress;
select inventory.rebuild_analytics();
select set_eq(
    $$
    select
        a.day, a.opening, a.received, a.sold, a.adjusted, a.transferred, a.closing,
        a.sellable_closing, a.stockout_minutes
    from inventory.inventory_analytics as a
    $$,
    'table pg_temp.stepwise'
);
select isnt_empty('select from pg_temp.stepwise as s where s.stockout_minutes > 0', 'not empty');

-- case: a transfer around midnight is told, and evens out
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 1}]', 'MAIN', 'TOWN');
select pg_temp.age('MAIN', 3, 2, 23.99);
select pg_temp.age('TOWN', 2, 1, 0.01);
select inventory.rebuild_analytics();
select results_eq(
    $$
    select a.transferred, a.closing from inventory.analytics_list as a order by a.day desc limit 2
    $$,
    'values (1::bigint, 10::bigint), (-1, 9)'
);

-- case: a batch takes so many variants, and the next one goes on
select inventory.receive_stock('[{"sku": "POT", "quantity": 3}]');
select is(count(*), 1, 'one') from inventory.rebuild_analytics(1);
select is(count(*), 1, 'the other') from inventory.rebuild_analytics(1);
select is_empty('select inventory.rebuild_analytics(1)', 'none');
select ok(j.ran_at is not null and j.actor = 'job:analytics', 'it is remembered when it ran')
from inventory.stock_jobs as j
where j.job = 'rebuild_analytics';

-- case: a malformed limit is refused
select throws_ok(
    format('select inventory.rebuild_analytics(%L)', b.n), '22023', null,
    coalesce(b.n::text, 'null')
)
from (values (0), (-1), (100001), (null)) as b (n);
