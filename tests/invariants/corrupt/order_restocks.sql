-- case: what came back of an order was put on the shelves for another
update inventory.inventory_movements
set reference = 'another/R1'
where kind = 'return';
