-- case: a change of a reservation has no event
delete from events.outbox_events where event_type = 'reservation.shipped';
