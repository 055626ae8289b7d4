-- setup: a supplier, the terms of a mug, and a delivery of it
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select inventory.set_supplier_item('ACME', 'MUG', 2.5, 'EUR', 0, p_is_preferred => true);
select inventory.receive_from_supplier(
    'ACME', '[{"sku": "MUG", "quantity": 5, "defective": 1}]', '2026-01-05'
);
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

-- case: a supplier has a number and a code once, a name, a contact and a lead time
select lives_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_suppliers', g.changes), g.changes
)
from (
    values
    ('{"supplier_id": 1000001, "code": "B"}')
) as g (changes);
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.inventory_suppliers', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{"code": "C"}', '23505'),
    ('{"supplier_id": 1000002}', '23505'),
    ('{"supplier_id": 1000001, "code": "b"}', '23514'),
    ('{"supplier_id": 1000003, "code": "D", "name": ""}', '23514'),
    (
        jsonb_build_object('supplier_id', 1000003, 'code', 'D', 'name', repeat('n', 201))::text,
        '23514'
    ),
    ('{"supplier_id": 1000003, "code": "D", "contact": []}', '23514'),
    (
        jsonb_build_object(
            'supplier_id', 1000003, 'code', 'D',
            'contact', jsonb_build_object('c', repeat('c', 10000))
        )::text,
        '23514'
    ),
    ('{"supplier_id": 1000003, "code": "D", "lead_time_days": -1}', '23514'),
    ('{"supplier_id": 1000003, "code": "D", "lead_time_days": 3651}', '23514')
) as b (changes, code);

-- case: a supplier who sells or delivered something is kept
select throws_like(
    $$delete from inventory.inventory_suppliers$$,
    '%violates%supplier_items_supplier_id_fkey%', null
);
delete from inventory.supplier_items;
select throws_like(
    $$delete from inventory.inventory_suppliers$$,
    '%violates%supplier_receipts_supplier_id_fkey%', null
);

-- case: the terms of a variant are those of one supplier each, of whom one is preferred
select inventory.set_supplier('BOLT', 'Bolt', 3, 0);
create function pg_temp.copy_item(p_changes jsonb)
returns void
language sql
volatile
as $function$
    select pg_temp.copy('inventory.supplier_items', jsonb_build_object(
        'supplier_id', s.supplier_id, 'is_preferred', false
    ) || p_changes)
    from inventory.inventory_suppliers as s where s.code = 'BOLT'
$function$;
select throws_ok(
    format('select pg_temp.copy_item(%L)', b.changes), b.code, null, b.changes
)
from (
    values
    ('{"is_preferred": true}', '23505'),
    ('{"supplier_id": -1}', '23503'),
    ('{"variant_id": -1}', '23503'),
    ('{"currency": "XXX"}', '23503'),
    ('{"supplier_sku": ""}', '23514'),
    (jsonb_build_object('supplier_sku', repeat('s', 65))::text, '23514'),
    ('{"min_quantity": 1000000000}', '23514'),
    ('{"pack_size": 1000000000}', '23514'),
    ('{"lead_time_days": 3651}', '23514'),
    ('{"cost": -1}', '23514'),
    ('{"min_quantity": 0}', '23514'),
    ('{"pack_size": 0}', '23514'),
    ('{"lead_time_days": -1}', '23514')
) as b (changes, code);
select lives_ok($$select pg_temp.copy_item('{}')$$, 'from another one');
select throws_ok($$select pg_temp.copy_item('{}')$$, '23505', null, 'twice');

-- case: a receipt adds up, and its good units are those of a movement
select lives_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.supplier_receipts', g.changes), g.changes
)
from (
    values
    ('{"receipt_id": 1000001, "seq": null, "defective": 5}')
) as g (changes);
select throws_ok(
    format('select pg_temp.copy(%L, %L)', 'inventory.supplier_receipts', b.changes), b.code, null,
    b.changes
)
from (
    values
    ('{"seq": null, "defective": 5}', '23505'),
    ('{"receipt_id": 1000002}', '23505'),
    ('{"receipt_id": 1000002, "seq": 9}', '23503'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 5, "variant_id": -1}', '23503'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 5, "supplier_id": -1}', '23503'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 5, "location_id": -1}', '23503'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 4}', '23514'),
    ('{"receipt_id": 1000002, "seq": null, "defective": -1}', '23514'),
    ('{"receipt_id": 1000002, "seq": null, "quantity": 0, "defective": 0}', '23514'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 5, "ordered_on": "2999-01-01"}', '23514'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 5, "due_on": "2026-01-04"}', '23514'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 5, "ordered_on": "2998-01-01",
    "due_on": "2999-01-01"}', '23514'),
    ('{"receipt_id": 1000002, "seq": 9, "defective": -1}', '23514'),
    ('{"receipt_id": 1000002, "seq": 9, "defective": 6}', '23514'),
    ('{"receipt_id": 1000002, "seq": null, "defective": 5, "received_on": "2026-01-06"}', '23514'),
    ('{"receipt_id": 1000002, "seq": 1, "defective": 5}', '23514'),
    ('{"receipt_id": 1000002, "seq": null, "quantity": 4, "defective": 5}', '23514')
) as b (changes, code);

-- case: an invariant reports a receipt that is not what moved
update inventory.supplier_receipts set quantity = 6;
select isnt_empty('select * from ops.invariant_stock_receipts()');
