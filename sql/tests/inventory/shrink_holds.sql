-- setup: ten red mugs, of which a session holds three times two and another one
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 2}]', 'session:s')
from generate_series(1, 3);
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:t');
create function pg_temp.shrink(p_quantity integer)
returns void
language sql
as $$
select inventory.shrink_holds('session:s', array[v.variant_id], array[p_quantity])
from product.variants as v
$$;
create function pg_temp.held()
returns bigint[]
language sql
as $$
select array_agg(r.open_quantity order by r.open_quantity desc)
from inventory.inventory_reservations as r
where r.owner = 'session:s' and r.status = 'active'
$$;

-- case: whole holds go first, and one is made smaller
select pg_temp.shrink(3);
select is(pg_temp.held(), array[2, 1]::bigint[]);
select is(s.available_stock, 6::bigint) from inventory.stock_levels as s;
select is_empty('select * from ops.check_invariants()');

-- case: what is needed is kept, and so is what others hold
select pg_temp.shrink(6);
select is(pg_temp.held(), array[2, 2, 2]::bigint[]);
select pg_temp.shrink(100);
select is(pg_temp.held(), array[2, 2, 2]::bigint[]);
select pg_temp.shrink(0);
select is(pg_temp.held(), null, 'nothing');
select is(s.available_stock, 9::bigint) from inventory.stock_levels as s;

-- case: what is past its expiry goes before what is not
update inventory.inventory_reservations
set expires_at = clock_timestamp() - interval '1 second'
where slot = 1 and owner = 'session:s';
select pg_temp.shrink(4);
select is(
    array_agg(r.expires_at > clock_timestamp()), array[true, true]
)
from inventory.inventory_reservations as r
where r.owner = 'session:s' and r.status = 'active';
select is_empty('select * from ops.check_invariants()');

-- case: holds that are sold are not holds
select inventory.commit_reservations(array_agg(l.reservation))
from inventory.reservation_list as l
where l.owner = 'session:s';
select pg_temp.shrink(0);
select is(sum(r.open_quantity), 6::bigint)
from inventory.inventory_reservations as r
where r.owner = 'session:s';
