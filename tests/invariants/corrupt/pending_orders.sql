-- case: two orders of a user are in one place
drop index orders.orders_pending_slot_key;
update orders.orders as o
set user_id = u.user_id, guest_owner = null, pending_slot = 1, pending_slots_max = 5
from account.users as u
where u.full_name = 'Cid' and o.status = 'pending' and o.guest_owner is not null;

-- case: a user has more pending orders than places
alter table orders.orders drop constraint orders_pending_slot_check;
update orders.orders as o
set user_id = u.user_id, guest_owner = null, pending_slots_max = 5
from account.users as u
where u.full_name = 'Cid' and o.status = 'pending' and o.guest_owner is not null;
update orders.orders set pending_slots_max = 2 where status = 'pending';
