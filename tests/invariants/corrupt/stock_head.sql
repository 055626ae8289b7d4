-- case: stock does not name its newest movement
update inventory.inventory set last_seq = 1 where last_seq > 1;
