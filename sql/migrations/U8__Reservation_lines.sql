set local role shop_owner;

drop type inventory.reservation_line;
