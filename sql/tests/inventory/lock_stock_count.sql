-- case: an open stocktake is returned; others are refused
create temporary table sheet as
select s.count_id as id from inventory.start_stock_count() as s;
select is((inventory.lock_stock_count(s.id, 1)).status, 'open', 'found') from pg_temp.sheet as s;
select is((inventory.lock_stock_count(s.id, null)).version, 1, 'any version')
from pg_temp.sheet as s;
select throws_ok(format('select inventory.lock_stock_count(%s, 2)', s.id), 'SHC02')
from pg_temp.sheet as s;
select throws_ok('select inventory.lock_stock_count(-1, 1)', 'SHI23');
select inventory.cancel_stock_count(s.id, 1) from pg_temp.sheet as s;
select throws_ok(format('select inventory.lock_stock_count(%s, 2)', s.id), 'SHI24')
from pg_temp.sheet as s;
