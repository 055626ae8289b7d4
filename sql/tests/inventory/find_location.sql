-- setup: three locations; the best-ranked one is closed
select inventory.create_location('TOWN', 'Shop in town', 0);
select inventory.create_location('BARN', 'Barn', 1);
update inventory.locations set is_active = false where code = 'TOWN';

-- case: a code finds its location, also one that is closed
select is(inventory.find_location(l.code), l.location_id, l.code)
from inventory.locations as l;

-- case: without a code it is the active one of lowest rank, the older one of two
select is(inventory.find_location(null), l.location_id, 'the main warehouse')
from inventory.locations as l
where l.code = 'MAIN';

-- case: what is not there is refused
select throws_ok(
    format('select inventory.find_location(%L)', b.code), 'SHI08', null, b.code
)
from (values ('CELLAR'), ('main'), (''), (' MAIN'), ('%')) as b (code);

-- case: without an active location there is no best-ranked one
update inventory.locations set is_active = false;
select throws_ok('select inventory.find_location(null)', 'SHI08', null);
