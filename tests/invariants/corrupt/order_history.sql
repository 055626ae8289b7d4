-- case: a move is not legal
alter table orders.order_status_history
drop constraint order_status_history_move_is_legal_check;
alter table orders.orders drop constraint orders_status_and_times_check;
update orders.order_status_history set to_status = 'shipped' where to_status = 'processing';
update orders.order_status_history set from_status = 'shipped' where from_status = 'processing';
update orders.orders set shipped_at = coalesce(shipped_at, processing_at), processing_at = null;
update orders.orders as o set status = 'shipped' where o.status = 'processing';
update events.outbox_events
set event_type = 'order.shipped'
where event_type = 'order.processing';

-- case: a row is missing
delete from orders.order_status_history as h
using orders.orders as o
where o.order_id = h.order_id and o.status = 'delivered' and h.to_status = 'processing';
update orders.orders set processing_at = null where status = 'delivered';
