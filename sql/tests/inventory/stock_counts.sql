-- setup: mugs here and in town, moved once; a stocktake in which they were counted
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 3}]', 'MAIN', 'TOWN');
select inventory.record_stock_count(s.count_id, '[{"sku": "MUG", "counted": 7}]')
from inventory.start_stock_count() as s;
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

-- case: a transfer is between two places, and each of its movements is its own
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.stock_transfers', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{"transfer_id": 1000001, "out_seq": 1}', '23505'),
    ('{"transfer_id": 1000001, "out_seq": 9, "in_seq": 8}', '23503'),
    ('{"transfer_id": 1000001, "quantity": 0}', '23514')
) as b (changes, code);
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 1}]', 'TOWN', 'MAIN');
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 1}]', 'MAIN', 'TOWN');
select throws_ok(b.change, b.code, null, b.change)
from (
    values
    ('update inventory.stock_transfers set out_seq = 4 where out_seq = 2 and in_seq = 1', '23505'),
    ('update inventory.stock_transfers set in_seq = 3 where out_seq = 2 and in_seq = 1', '23505'),
    ('update inventory.stock_transfers set out_seq = 99 where out_seq = 4', '23503'),
    ('update inventory.stock_transfers set in_seq = 99 where out_seq = 4', '23503'),
    (
        'update inventory.stock_transfers set to_location_id = from_location_id, in_seq = out_seq',
        '23514'
    ),
    ('update inventory.stock_transfers set quantity = 0', '23514')
) as b (change, code);
create temporary table second as
select
    t.variant_id,
    t.from_location_id,
    t.to_location_id,
    t.quantity,
    t.out_seq,
    t.in_seq,
    t.actor
from inventory.stock_transfers as t
where t.out_seq = 4;
delete from inventory.stock_transfers where out_seq = 4;
select throws_ok(
    $$
    insert into inventory.stock_transfers (
        variant_id, transfer_id, from_location_id, to_location_id, quantity, out_seq, in_seq, actor
    )
    overriding system value
    select
        s.variant_id, t.transfer_id, s.from_location_id, s.to_location_id, s.quantity, s.out_seq,
        s.in_seq, s.actor
    from pg_temp.second as s
    cross join inventory.stock_transfers as t
    where t.out_seq = 2 and t.in_seq = 1
    $$,
    '23505', null, 'a number twice'
);

-- case: a stocktake has a number once, a place, and an end when it is not open
select lives_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.stock_counts', g.changes), g.changes
)
from (
    values
    ('{"count_id": 1000001}'),
    ('{"count_id": 1000002, "status": "cancelled", "closed_at": "2026-01-01"}')
) as g (changes);
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.stock_counts', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{}', '23505'),
    ('{"count_id": 1000003, "location_id": -1}', '23503'),
    ('{"count_id": 1000003, "status": "lost", "closed_at": "2026-01-01"}', '23514'),
    ('{"count_id": 1000003, "status": "posted"}', '23514'),
    ('{"count_id": 1000003, "closed_at": "2026-01-01"}', '23514')
) as b (changes, code);
select throws_ok(
    format(
        'select pg_temp.copy(%L, %L)', 'inventory.stock_counts',
        jsonb_build_object('location_id', l.location_id)
    ),
    '23505', null, 'a number twice, elsewhere'
)
from inventory.locations as l
where l.code = 'TOWN';

-- case: a line belongs to a stocktake of its place, once, and to one that is open once
select pg_temp.copy('inventory.stock_counts', '{"count_id": 1000001}');
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.stock_count_lines', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{"status": "cancelled"}', '23505'),
    ('{"count_id": 1000001}', '23505'),
    ('{"count_id": -1, "status": "cancelled"}', '23503'),
    ('{"count_id": 1000001, "location_id": -1, "status": "cancelled"}', '23503'),
    ('{"count_id": 1000001, "variant_id": -1, "status": "cancelled"}', '23503'),
    ('{"count_id": 1000001, "status": "posted", "seq": 99}', '23503'),
    ('{"count_id": 1000001, "status": "lost"}', '23514'),
    ('{"count_id": 1000001, "status": "posted"}', '23514'),
    ('{"count_id": 1000001, "status": "cancelled", "seq": 1}', '23514'),
    ('{"count_id": 1000001, "status": "cancelled", "counted": -1}', '23514'),
    ('{"count_id": 1000001, "status": "cancelled", "expected": -1}', '23514'),
    ('{"count_id": 1000001, "status": "cancelled", "expected_seq": -1}', '23514')
) as b (changes, code);
update inventory.stock_count_lines set status = 'posted', seq = 1;
select throws_ok(
    $$select pg_temp.copy('inventory.stock_count_lines', '{"count_id": 1000001}')$$, '23505', null,
    'a movement twice'
);

-- case: invariants report what no constraint can refuse
update inventory.stock_transfers set quantity = 2;
select isnt_empty('select * from ops.invariant_stock_transfers()', 'not what moved');
delete from inventory.stock_transfers;
select is(count(*), 2, 'movements of no transfer') from ops.invariant_stock_transfers();
update inventory.stock_counts set status = 'cancelled', closed_at = clock_timestamp();
select isnt_empty('select * from ops.invariant_stock_counts()', 'a line that is open too long');
