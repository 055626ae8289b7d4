-- case: two users share an address
drop index account.users_email_key;
update account.users set email = 'ANN@example.com' where full_name = 'Cid';
