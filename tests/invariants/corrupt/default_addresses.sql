-- case: no address of a kind is the default
update account.addresses set is_default = false where kind = 'billing';

-- case: two addresses of a kind are the default
drop index account.addresses_default_key;
update account.addresses set is_default = true;
