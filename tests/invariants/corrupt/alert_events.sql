-- case: an alert has opened without an event
delete from events.outbox_events where event_type = 'alert.opened';
