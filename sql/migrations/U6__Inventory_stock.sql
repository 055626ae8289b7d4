set local role shop_owner;

alter table inventory.inventory drop constraint inventory_last_movement_fkey;
drop table inventory.inventory_movements;
drop table inventory.stock_buckets;
drop table inventory.inventory;
drop table inventory.locations;
