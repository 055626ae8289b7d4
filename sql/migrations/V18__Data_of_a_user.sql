-- What account.export_user finds by the user, in tables that grow with all users.
--
-- Writers of each table wait while its index is made. Of 1,800,000 reservations, nearly all of
-- orders, that took 0.3 s.

set local role shop_owner;

-- Not those of guests or orders: most holds of users become an order's, and leave it.
-- lint: allow squawk/require-concurrent-index-creation: it reads the table once and writes little
create index inventory_reservations_user_idx
on inventory.inventory_reservations (owner) where owner like 'user:%';
comment on index inventory.inventory_reservations_user_idx is
'For account.export_user: the holds of a user, also those that are long closed.';

-- lint: allow squawk/require-concurrent-index-creation: cart.roll_up_metrics keeps the table short
create index cart_activities_owner_idx on cart.cart_activities (owner);
comment on index cart.cart_activities_owner_idx is 'For account.export_user.';
