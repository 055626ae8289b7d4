-- case: a change of a cart has no event
delete from events.outbox_events where event_type = 'cart.merged';
