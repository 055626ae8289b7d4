-- case: a movement has no event
delete from events.outbox_events where event_id = (
    select min(e.event_id) from events.outbox_events as e where e.event_type = 'stock.moved'
);
