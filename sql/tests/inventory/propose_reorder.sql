-- setup: nine mugs on hand, of which one is sold a day; Acme delivers in four days
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.set_supplier('ACME', 'Acme', 4, 0);
select inventory.set_supplier('BOLT', 'Bolt', 2, 0);
select inventory.set_supplier_item(
    'ACME', 'MUG', 2.5, 'EUR', 0, 'A-1', p_min_quantity => 10, p_pack_size => 12,
    p_is_preferred => true
);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 9}]');
insert into inventory.inventory_analytics (
    variant_id, day, opening, received, sold, returned, adjusted, transferred, closing,
    sellable_closing, stockout_minutes
)
select
    v.variant_id, (clock_timestamp() at time zone 'UTC')::date - 1, 100, 0, 90, 0, 0, 0, 10, 10, 0
from product.variants as v
where v.sku = 'MUG';

-- case: what would not last the lead time is proposed, in packs, for thirty days more
select results_eq(
    $$select * from inventory.propose_reorder('ACME')$$,
    $$
    values (
        'MUG', 'A-1', 9::bigint, 5::bigint, 1.0000::numeric, 4, 9::bigint, 36::bigint,
        2.5::numeric, 'EUR', 90::numeric
    )
    $$,
    '5 + 4 days, and 30 days more, less 9: 30, in dozens'
);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 1}]');
select is_empty($$select inventory.propose_reorder('ACME')$$, 'ten last');

-- case: promised units do not last
select inventory.receive_stock('[{"sku": "MUG", "quantity": 1}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann');
select is(p.available, 8, 'eight are left') from inventory.propose_reorder('ACME') as p;

-- case: a SKU is proposed to the preferred supplier, else to the one that delivers soonest
select inventory.configure_stock('MUG', 2, 9);
select inventory.set_supplier_item('BOLT', 'MUG', 3, 'GBP', 0);
select is_empty($$select inventory.propose_reorder('BOLT')$$, 'the other one is preferred');
select inventory.set_supplier_item('ACME', 'MUG', 2.5, 'EUR', 1);
select is_empty($$select inventory.propose_reorder('ACME')$$, 'takes longer');
select is(p.currency, 'GBP', 'soonest') from inventory.propose_reorder('BOLT') as p;
select inventory.set_supplier('BOLT', 'Bolt', 2, 1, null, false);
select is(p.sku, 'MUG', 'nothing is bought from the other one')
from inventory.propose_reorder('ACME') as p;
select is_empty($$select inventory.propose_reorder('BOLT')$$, 'nothing is bought there');

-- case: what is not sold by them any more, or not for sale, is not proposed
select inventory.set_supplier_item('ACME', 'MUG', 2.5, 'EUR', 1, p_is_active => false);
select is_empty($$select inventory.propose_reorder('ACME')$$, 'not sold any more');
select inventory.set_supplier_item('ACME', 'MUG', 2.5, 'EUR', 2);
select isnt_empty($$select inventory.propose_reorder('ACME')$$, 'sold');
update product.variants set is_active = false;
select is_empty($$select inventory.propose_reorder('ACME')$$, 'not for sale');

-- case: what was never in stock is proposed at the low-stock level of the rule
select inventory.set_supplier_item('ACME', 'POT', 900, 'JPY', 0);
select results_eq(
    $$
    select p.available, p.min_stock_level, p.daily_demand, p.quantity, p.total
    from inventory.propose_reorder('ACME') as p where p.sku = 'POT'
    $$,
    'values (0::bigint, 5::bigint, 0.0000::numeric, 5::bigint, 4500::numeric)'
);

-- case: ceilings leave room, or nothing is proposed
select inventory.configure_stock('MUG', 2, null, 40);
select is(p.quantity, 24, 'two dozen') from inventory.propose_reorder('ACME') as p;
select inventory.configure_stock('MUG', 3, null, 20);
select is_empty($$select inventory.propose_reorder('ACME')$$, 'not even one dozen');

-- case: days are rules
select core.set_business_rule('reorder_demand_days', 45, 1);
select core.set_business_rule('reorder_cover_days', 0, 1);
select results_eq(
    $$
    select p.daily_demand, p.reorder_point, p.quantity
    from inventory.propose_reorder('ACME') as p
    $$,
    'values (2.0000::numeric, 13::bigint, 12::bigint)'
);

-- case: an unknown supplier is refused
select throws_ok($$select inventory.propose_reorder('NONE')$$, 'SHI20');
select throws_ok('select inventory.propose_reorder(null)', 'SHI20');
