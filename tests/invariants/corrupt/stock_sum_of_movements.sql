-- case: a movement has taken what is still there
-- also: movements_chain
alter table inventory.inventory_movements drop constraint inventory_movements_adds_up_check;
update inventory.inventory_movements
set damaged_delta = damaged_delta + 1
where damaged_delta > 0;
