-- flow: a customer signs up, edits what is kept of him, and leaves
select * from account.register_user(%(key)s || '@example.com', 'New customer', null, %(key)s);
select * from account.set_password(%(user_id)s, %(hash)s, %(key)s);
select * from account.get_password(%(key)s || '@example.com');
select * from account.record_login(%(user_id)s, true, %(key)s);
select * from account.add_address(%(user_id)s, 'shipping', %(address)s, true, %(key)s);
select * from account.update_address(%(user_id)s, %(address_id)s, %(address)s, %(version)s, %(key)s);
select * from account.add_address(%(user_id)s, 'shipping', %(address)s, false, 'b' || %(key)s);
select * from account.set_default_address(%(user_id)s, %(address_id)s, %(version)s, %(key)s);
select * from account.remove_address(%(user_id)s, %(address_id)s, %(version)s, %(key)s);
select u.version from account.users as u where u.user_id = %(user_id)s;
select * from account.update_user(%(user_id)s, '{"full_name": "Renamed"}', %(version)s, %(key)s);
select * from account.set_customer_group(%(user_id)s, 'trade', %(version)s, %(key)s);
select * from account.set_user_status(%(user_id)s, 'suspended', %(version)s, %(key)s);
select * from account.anonymise_user(%(user_id)s, %(key)s);

-- flow: a customer asks what is kept of him
select * from account.export_user(%(buyer)s);
