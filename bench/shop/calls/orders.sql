-- flow: an order goes its whole way, and a part of it comes back
select * from orders.validate_order_business_rules('session:' || %(key)s, 'GBP', %(five)s);
select * from orders.place_order('session:' || %(key)s, 'GBP', %(five)s, %(details)s, %(key)s);
select * from payment.begin_payment(%(order_number)s, 'stripe', null, null, %(key)s);
select * from payment.process_payment_authorization(%(transaction)s, 'approved', %(key)s);
select * from orders.process_order(%(order_number)s, %(key)s);
select * from orders.pack_order(%(order_number)s, null, null, %(key)s);
select * from payment.begin_capture(%(payment)s, null, true, %(key)s);
select * from payment.record_capture(%(transaction)s, 'succeeded', %(key)s);
select * from orders.ship_order(
    %(order_number)s, null, 'Post', %(key)s, %(fulfillment_no)s, null, %(key)s
);
select * from orders.track_fulfillment(
    %(order_number)s, %(fulfillment_no)s, 'Post', %(key)s, true, %(key)s
);
select * from orders.deliver_fulfillment(%(order_number)s, %(fulfillment_no)s, %(key)s);
select * from orders.add_order_note(%(order_number)s, 'Looks well', 'internal', %(key)s);
select * from orders.add_customer_note(
    %(order_number)s, 'session:' || %(key)s, 'Thank you', %(key)s
);
select * from orders.request_return(
    %(order_number)s, '[{"line_no": 1, "quantity": 1}]', 'Too small', 'session:' || %(key)s, null,
    %(key)s
);
select * from orders.decide_return(%(order_number)s, %(return_no)s, 'approved', null, %(key)s);
select * from orders.receive_return(%(order_number)s, %(return_no)s, null, null, %(key)s);
select * from orders.close_return(%(order_number)s, %(return_no)s, %(key)s);
select * from orders.complete_order(%(order_number)s, %(key)s);
select * from orders.get_order(%(order_number)s, 'session:' || %(key)s);
select * from orders.get_order_timeline(%(order_number)s, 'session:' || %(key)s);
select * from orders.get_order_history(%(order_number)s);

-- flow: a guest orders a cart, cancels a unit and then the rest, and asks to be forgotten
select * from cart.add_item_to_cart('session:' || %(key)s, %(sku)s, 2, 'GBP', %(key)s);
select * from cart.add_item_to_cart('session:' || %(key)s, %(sku2)s, 1, 'GBP', 'b' || %(key)s);
select * from orders.validate_order_business_rules('session:' || %(key)s);
select * from cart.reserve_cart('session:' || %(key)s, null, %(key)s);
select * from orders.place_cart_order('session:' || %(key)s, null, %(details)s, %(key)s);
select * from orders.cancel_order(
    %(order_number)s, '[{"line_no": 1, "quantity": 1}]', 'Too many', 'session:' || %(key)s, %(key)s
);
select * from orders.cancel_order(
    %(order_number)s, null, 'Changed my mind', 'session:' || %(key)s, 'b' || %(key)s
);
select * from orders.anonymise_order(%(order_number)s, %(key)s);

-- flow: an answer is lost, and the call is made again
select * from orders.place_order('session:' || %(key)s, 'GBP', %(items)s, %(details)s, %(key)s);
select * from orders.place_order('session:' || %(key)s, 'GBP', %(items)s, %(details)s, %(key)s);

-- flow: a customer orders what is limited
select * from account.register_user('o' || %(key)s || '@example.com', 'Buyer', null, %(key)s);
select * from orders.place_order('user:' || %(user_id)s, 'GBP', %(limited)s, %(details)s, %(key)s);
select * from orders.list_orders('user:' || %(user_id)s, 'pending');

-- flow: a quote is accepted
select * from orders.place_agreed_order(
    'session:' || %(key)s, 'GBP',
    jsonb_build_array(jsonb_build_object('sku', %(sku)s::text, 'quantity', 2, 'unit_price', 9.5)),
    'As quoted', %(details)s, %(key)s
);
select * from orders.list_orders('session:' || %(key)s);

-- flow: a customer looks at what was bought
select * from orders.list_orders('user:' || %(buyer)s);
select * from orders.list_orders('user:' || %(buyer)s, 'completed');
select o.order_number from orders.orders as o
where o.order_id >= %(order)s order by o.order_id limit 1;
select * from orders.get_order(%(order_number)s);
select * from orders.get_order_history(%(order_number)s);

-- flow: staff look at what is to be done
select * from orders.list_orders_by_status('confirmed');
select * from orders.list_orders_by_status('pending');
select * from orders.list_orders_by_status('processing');
select * from orders.list_orders_by_status('shipped');
select * from orders.list_orders_by_status('delivered');
select * from orders.list_orders_by_status('completed');
select * from orders.list_orders_by_status('cancelled');
select * from orders.list_orders_by_status('expired');
select * from orders.list_orders_paid(now() - interval '9 days', now(), 20);

-- flow: parcels are packed, unpacked and sent, and one comes back
select * from orders.place_order('session:' || %(key)s, 'GBP', %(five)s, %(details)s, %(key)s);
select * from payment.begin_payment(%(order_number)s, 'stripe', null, null, %(key)s);
select * from payment.process_payment_authorization(%(transaction)s, 'captured', %(key)s);
select * from orders.confirm_order(%(order_number)s, %(key)s);
select * from orders.pack_order(%(order_number)s, '[{"line_no": 1}]', null, %(key)s);
select * from orders.cancel_fulfillment(%(order_number)s, %(fulfillment_no)s, %(key)s);
select * from orders.ship_order(%(order_number)s, null, 'Post', %(key)s, null, null, %(key)s);
select * from orders.fail_fulfillment(
    %(order_number)s, %(fulfillment_no)s, 'Nobody at home', %(key)s
);
select * from orders.return_fulfillment(
    %(order_number)s, %(fulfillment_no)s, null, null, %(key)s
);

-- flow: orders that were never paid end
-- job
select * from orders.cleanup_expired_orders(10);

-- flow: what was sold is added up
-- job
select * from orders.roll_up_sales(100);
