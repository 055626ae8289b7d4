set local role shop_owner;

drop table account.users;
