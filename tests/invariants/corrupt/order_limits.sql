-- case: an order is worth more than it may be
alter table orders.orders drop constraint orders_total_within_limits_check;
update orders.orders set total_max = 1 where status = 'expired';

-- case: an order has more lines than it may have
alter table orders.orders drop constraint orders_size_within_limits_check;
update orders.orders set lines_max = 0 where status = 'expired';

-- case: a pending order is in no place that there is
alter table orders.orders drop constraint orders_pending_slot_check;
update orders.orders
set pending_slot = 9
where status = 'pending' and user_id is not null;
