-- case: a move of an order has no event
delete from events.outbox_events where event_type = 'order.delivered';

-- case: a credit has no event
delete from events.outbox_events where event_type = 'order.credited';
