-- The roles stay: they belong to the cluster, and other databases use them.
set local role shop_owner;

alter default privileges for role shop_owner grant execute on functions to public;

drop schema ops;
drop schema events;
drop schema inventory;
drop schema product;
drop schema account;
drop schema core;
