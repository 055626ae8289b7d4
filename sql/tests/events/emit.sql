-- case: each element becomes an event of its aggregate, in order
select core.set_context('staff:anna', 'req-1');
select events.emit(
    'thing.made', 'thing', array[7, 8], array[3, null], array['{"a": 1}'::jsonb, '{"a": 2}']
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.partition_key,
        e.priority::integer, e.payload, e.actor, e.request_id
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    values
    ('thing.made', 'thing', 7::bigint, 3::bigint, 'thing:7', 5, '{"a": 1}'::jsonb, 'staff:anna',
    'req-1'),
    ('thing.made', 'thing', 8, null, 'thing:8', 5, '{"a": 2}', 'staff:anna', 'req-1')
    $$
);

-- case: a priority from 0 to 10 is kept, others are refused
select events.emit('thing.made', 'thing', array[7], array[1], array['{}'::jsonb], g.priority)
from (values (0), (10)) as g (priority);
select bag_eq('select e.priority::integer from events.outbox_events as e', array[0, 10]);
select throws_ok(
    format(
        'select events.emit(%L, %L, array[7], array[1], array[%L::jsonb], %s)',
        'thing.made', 'thing', '{}', b.priority
    ),
    '23514', null, b.priority::text
)
from (values (-1), (11)) as b (priority);

-- case: no elements, no events
select events.emit('thing.made', 'thing', '{}', '{}', '{}');
select events.emit('thing.made', 'thing', null, null, null);
select is_empty('table events.outbox_events');

-- case: an event that says nothing is refused
select throws_ok(
    $$select events.emit('thing.made', 'thing', array[7, 8], array[1, 2], array['{}'::jsonb])$$,
    '23502', null, 'fewer payloads than aggregates'
);
select throws_ok(
    $$select events.emit('Made', 'thing', array[7], array[1], array['{}'::jsonb])$$,
    '23514', null, 'a type without a dot'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: events get a partition, and each a number of its own
select events.emit('thing.made', 'thing', array[7], array[1], array['{}'::jsonb]);
select events.emit('thing.made', 'thing', array[7], array[2], array['{}'::jsonb]);
select is(count(distinct e.event_id), 2, 'two numbers')
from events.outbox_events_p1 as e;
select is_empty('table events.outbox_events_default', 'none where no partition was made for it');

-- case: a number is given once, in whatever partition
select events.emit('thing.made', 'thing', array[7], array[1], array['{}'::jsonb]);
select throws_ok(
    $$
    insert into events.outbox_events (
        event_id, event_type, aggregate_type, aggregate_id, partition_key, priority, payload, actor
    )
    overriding system value
    select e.event_id, 'thing.made', 'thing', 8, 'thing:8', 5, '{}', 'test'
    from events.outbox_events as e
    $$,
    '23505', null
);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('events')$$,
    $$
    values
    ('outbox_events', 'aggregate_seq request_id')
    $$,
    'columns that may be null'
);
