-- case: locations are listed with their rank and state
select inventory.create_location('TOWN', 'Shop in town', 2);
update inventory.locations set is_active = false where code = 'TOWN';
select results_eq(
    $$
    select l.code, l.name, l.rank, l.is_active, l.version
    from inventory.location_list as l
    order by l.rank
    $$,
    $$
    values
    ('MAIN', 'Main warehouse', 1, true, 1::bigint), ('TOWN', 'Shop in town', 2, false, 1::bigint)
    $$
);
select results_eq(
    'select l.location_id from inventory.location_list as l order by 1',
    'select l.location_id from inventory.locations as l order by 1'
);
