-- case: a day does not begin where the day before ended
update inventory.inventory_analytics set opening = opening + 1, closing = closing + 1;

-- case: a day has sold what no movement took
update inventory.inventory_analytics set sold = sold + 1, received = received + 1;
