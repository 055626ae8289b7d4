-- case: a movement does not begin where the one before it ended
alter table inventory.inventory_movements drop constraint inventory_movements_adds_up_check;
update inventory.inventory_movements set on_hand_before = on_hand_before + 1 where seq = 2;
