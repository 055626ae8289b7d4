-- case: a change of a payment has no event
delete from events.outbox_events where event_type = 'payment.captured';

-- case: a change of a refund has no event
delete from events.outbox_events where event_type = 'refund.succeeded';

-- case: a change of a dispute has no event
delete from events.outbox_events where event_type = 'dispute.lost';
