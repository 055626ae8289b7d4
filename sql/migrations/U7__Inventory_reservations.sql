set local role shop_owner;

drop table inventory.inventory_reservations;
