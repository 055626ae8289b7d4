set local role shop_owner;

drop table events.outbox_events;
