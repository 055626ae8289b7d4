-- Room in the last partition of the outbox.
--
-- Events past the last range fall into the default partition, where they are safe but cannot be
-- dropped by the partition, and from where they must be moved before the next range can be made. At
-- 75 % of the last range there is time for one statement.
with ranges as (
    select
        substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \(''(\d+)''\)')::numeric as lower,
        substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''(\d+)''\)')::numeric as upper
    from pg_catalog.pg_inherits as i
    inner join pg_catalog.pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'events.outbox_events'::regclass
),

room as (
    select
        count(r.upper) as partitions,
        max(r.lower) as lower,
        max(r.upper) as upper,
        coalesce(pg_sequence_last_value(
            pg_get_serial_sequence('events.outbox_events', 'event_id')::regclass
        ), 0)::numeric as last_event,
        exists(select from events.outbox_events_default) as has_strays
    from ranges as r
),

rated as (
    select
        greatest(0, round(100 * (r.last_event - r.lower) / (r.upper - r.lower), 1)) as used,
        r.has_strays,
        r.last_event,
        r.upper,
        format(
            'create table events.outbox_events_p%s partition of events.outbox_events'
            || ' for values from (%s) to (%s);',
            r.partitions + 1, r.upper, greatest(r.last_event, r.upper) + r.upper - r.lower
        ) as make_next
    from room as r
)

select
    case when r.has_strays or r.used > 75 or r.used is null then 'warning' else 'ok' end as level,
    'events.outbox_events' as object,
    coalesce(r.used, 100) as figure,
    'warning > 75 %, or rows in the default partition' as threshold,
    case
        when r.has_strays then 'events are in the default partition'
        else format('event %s of %s in the last range', r.last_event, r.upper - 1)
    end as meaning,
    case
        when r.has_strays
        then 'begin; set local role shop_owner;'
            || ' alter table events.outbox_events detach partition events.outbox_events_default; '
            || r.make_next
            || ' insert into events.outbox_events overriding system value'
            || ' select * from events.outbox_events_default;'
            || ' truncate events.outbox_events_default;'
            || ' alter table events.outbox_events attach partition events.outbox_events_default'
            || ' default; commit;'
        when r.used > 75 or r.used is null
        then 'begin; set local role shop_owner; set local lock_timeout = ''500ms''; '
            || r.make_next || ' commit;'
    end as remedy
from rated as r;
