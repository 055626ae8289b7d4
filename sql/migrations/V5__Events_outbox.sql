-- The transactional outbox.
--
-- Partitioned from the start: sent events are dropped by the partition, never deleted row by row.
-- By range of the key rather than of time, so that the primary key stays one column and events
-- keep the order of their numbers. The default partition only catches what nobody made room for.

set local role shop_owner;

create table events.outbox_events (
    event_id bigint generated always as identity,
    event_type text not null,
    aggregate_type text not null,
    aggregate_id bigint not null,
    aggregate_seq bigint,
    partition_key text not null,
    priority smallint not null,
    payload jsonb not null,
    actor text not null,
    request_id text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    constraint outbox_events_pkey primary key (event_id),
    -- "like", not a regular expression: this is checked for every event of the shop.
    constraint outbox_events_event_type_is_dotted_check check (event_type like '_%._%'),
    constraint outbox_events_priority_check check (priority between 0 and 10)
) partition by range (event_id);
comment on table events.outbox_events is
'What happened, written by the transaction in which it happened. Rows are only ever inserted.';
comment on column events.outbox_events.event_id is
'Number of the event; consumers use it to recognise a repetition.';
comment on column events.outbox_events.event_type is 'Such as stock.updated.';
comment on column events.outbox_events.aggregate_type is 'What changed: variant, reservation, ...';
comment on column events.outbox_events.aggregate_id is 'Key of what changed.';
comment on column events.outbox_events.aggregate_seq is
'Place among the events of one type of the aggregate (of stock.moved: per location, which the
payload names); null where no strict order is promised.';
comment on column events.outbox_events.partition_key is
'Events with the same key are delivered in order.';
comment on column events.outbox_events.priority is
'0 can wait, 10 cannot; order in a key beats it.';
comment on column events.outbox_events.payload is 'The facts, without personal data.';
comment on column events.outbox_events.actor is 'Who acted.';
comment on column events.outbox_events.request_id is 'The request that it was done for.';
comment on column events.outbox_events.created_at is 'When it happened.';
comment on index events.outbox_events_pkey is
'For events.emit, which numbers the events, and for relays, which read in this order.';

create table events.outbox_events_p1 partition of events.outbox_events
for values from (1) to (100000001);
comment on table events.outbox_events_p1 is 'The first hundred million events.';

create table events.outbox_events_default partition of events.outbox_events default;
comment on table events.outbox_events_default is
'Events that no partition was made for: ops.health_outbox_headroom warns long before.';
