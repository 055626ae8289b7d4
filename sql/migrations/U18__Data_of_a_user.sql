set local role shop_owner;

drop index cart.cart_activities_owner_idx;
drop index inventory.inventory_reservations_user_idx;
