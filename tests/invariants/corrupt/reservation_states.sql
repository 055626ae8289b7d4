-- case: a hold that has ended has no end
alter table inventory.inventory_reservations
drop constraint inventory_reservations_closed_when_not_active_check;
update inventory.inventory_reservations set closed_at = null where status = 'released';
