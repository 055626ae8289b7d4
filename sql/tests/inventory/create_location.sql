-- setup: the shop in town, beside the main warehouse that every database has
select core.set_context('staff:anna', 'req-1');
create temporary table town as
select l.location_id
from inventory.create_location('TOWN', 'Shop in town', 2, 'l1') as l;
delete from events.outbox_events;

-- case: a location is made, and its key returned
create temporary table barn as
select l.location_id
from inventory.create_location('BARN', 'Barn', 3) as l;
select results_eq(
    $$
    select l.code, l.name, l.rank, l.is_active, l.version, l.updated_by
    from inventory.locations as l
    inner join pg_temp.barn as b on b.location_id = l.location_id
    $$,
    $$values ('BARN', 'Barn', 3, true, 1::bigint, 'staff:anna')$$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.actor,
        e.request_id
    from events.outbox_events as e
    $$,
    $$
    select
        'location.created', 'location', b.location_id, 1::bigint,
        jsonb_build_object('location_id', b.location_id, 'code', 'BARN'), 'staff:anna', 'req-1'
    from pg_temp.barn as b
    $$,
    'one event'
);

-- case: names of any script, codes of any length up to 32, and any rank are kept
select lives_ok(
    format('select inventory.create_location(%L, %L, %s)', g.code, g.name, g.rank), g.code
)
from (
    values
    ('A', 'Lager Süd e' || chr(769) || ' 👩🏽‍💻', 0),
    ('0-1_2', 'مستودع', -2147483648),
    (repeat('Z', 32), repeat('n', 200), 2147483647),
    ('SQL', 'x''); drop table inventory.locations; --', 2)
) as g (code, name, rank);
select is(count(*), 6, 'all of them are there')
from inventory.locations;

-- case: a code is taken once
select throws_ok(
    format($$select inventory.create_location(%L, 'Another', 9)$$, b.code), 'SHI11', null, b.code
)
from (values ('TOWN'), ('MAIN')) as b (code);
select is(count(*), 2, 'no other location')
from inventory.locations;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a malformed code, name or rank is refused
select throws_ok(
    format('select inventory.create_location(%L, %L, %L)', b.code, b.name, b.rank), '22023', null,
    b.title
)
from (
    values
    (null, 'Barn', 3, 'no code'),
    ('', 'Barn', 3, 'an empty code'),
    ('barn', 'Barn', 3, 'small letters'),
    ('BÄRN', 'Barn', 3, 'an umlaut'),
    ('-BARN', 'Barn', 3, 'a hyphen in front'),
    ('BARN 1', 'Barn', 3, 'a blank'),
    (E'BARN\n', 'Barn', 3, 'a line end'),
    (repeat('Z', 33), 'Barn', 3, '33 characters'),
    ('BARN', null, 3, 'no name'),
    ('BARN', '', 3, 'an empty name'),
    ('BARN', '  ', 3, 'a name of blanks'),
    ('BARN', E'Barn\n', 3, 'a name with a line end'),
    ('BARN', repeat('n', 201), 3, 'a name of 201 characters'),
    ('BARN', 'Barn', null, 'no rank')
) as b (code, name, rank, title);
select is(count(*), 2, 'no other location')
from inventory.locations;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
select results_eq(
    $$select * from inventory.create_location('TOWN', 'Shop in town', 2, 'l1')$$,
    'table pg_temp.town'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select throws_ok(
    $$select inventory.create_location('TOWN', 'Shop in town', 3, 'l1')$$, 'SHC01', null
);
select throws_ok(
    $$select inventory.create_location('BARN', 'Barn', 3, '')$$, '22023', null, 'an empty key'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select inventory.create_location('TOWN', 'Barn', 3, 'l2')$$, 'SHI11', null
);
select lives_ok($$select inventory.create_location('BARN', 'Barn', 3, 'l2')$$);
