-- case: another number arrived than left
update inventory.stock_transfers set quantity = quantity - 1;

-- case: units came from nowhere
delete from inventory.stock_transfers;
