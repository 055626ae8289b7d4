-- flow: a payment is declined, tried again, kept in part, and what was taken is disputed
select * from orders.place_order('session:' || %(key)s, 'GBP', %(five)s, %(details)s, %(key)s);
select * from payment.begin_payment(%(order_number)s, 'stripe', null, null, %(key)s);
select * from payment.process_payment_authorization(
    %(transaction)s, 'declined', 'd' || %(key)s, null, 'card_declined', 'Insufficient funds'
);
select * from payment.begin_payment(%(order_number)s, 'stripe', null, null, 'b' || %(key)s);
select * from payment.process_payment_authorization(%(transaction)s, 'approved', %(key)s);
select * from payment.begin_capture(%(payment)s, null, false, %(key)s);
select * from payment.record_capture(%(transaction)s, 'succeeded', %(key)s);
select * from payment.record_settlement(%(payment)s, %(key)s, %(amount)s, 0.25);
select * from payment.request_refund(%(order_number)s, 5, 'goodwill', 'Sorry', null, null, %(key)s);
select * from payment.decide_refund(%(refund)s, 'approved', null, %(key)s);
select * from payment.begin_refund(%(refund)s, %(key)s);
select * from payment.record_refund(%(transaction)s, 'succeeded', %(key)s);
select * from payment.reverse_refund(%(refund)s, 'r' || %(key)s, 'Account closed', %(key)s);
select * from payment.request_refund(
    %(order_number)s, 3, 'goodwill', 'Sorry', null, null, 'b' || %(key)s
);
select * from payment.open_dispute(
    %(payment)s, %(key)s, 'product_not_received', null, false, null, null, %(key)s
);
select * from payment.add_evidence(%(dispute)s, 'shipping_documentation', 'It was.', null, %(key)s);
select * from payment.submit_evidence(%(dispute)s, %(key)s);
select * from payment.resolve_dispute(%(dispute)s, 'won', null, %(key)s);

-- flow: a unit is cancelled, and what was authorised for it is let go
select * from orders.place_order('session:' || %(key)s, 'GBP', %(five)s, %(details)s, %(key)s);
select * from payment.begin_payment(%(order_number)s, 'stripe', null, null, %(key)s);
select * from payment.process_payment_authorization(%(transaction)s, 'approved', %(key)s);
select * from orders.cancel_order(
    %(order_number)s, '[{"line_no": 1, "quantity": 1}]', 'Too many', null, %(key)s
);
select * from payment.begin_void(%(payment)s, null, %(key)s);
select * from payment.record_void(%(transaction)s, 'succeeded', %(key)s);

-- flow: a provider tells by itself
select * from orders.place_order('session:' || %(key)s, 'GBP', %(items)s, %(details)s, %(key)s);
select * from payment.begin_payment(%(order_number)s, 'stripe', null, null, %(key)s);
select * from payment.receive_provider_event('stripe', %(key)s, jsonb_build_object(
    'kind', 'authorization.approved', 'transaction', %(transaction)s::uuid,
    'provider_ref', %(key)s::text
));

-- flow: a provider's report is compared with the books
-- job
select * from payment.reconcile_settlement('stripe', (
    select jsonb_agg(jsonb_build_object(
        'kind', 'capture', 'provider_ref', 'capture-' || n, 'amount', 12, 'currency', 'GBP'
    ))
    from generate_series(%(order)s, %(order)s + 50) as n
), now() - interval '1 hour', now());

-- flow: a day's payments are counted
-- job
select * from payment.roll_up_payment_analytics(current_date - 1, current_date);

-- flow: a customer keeps ways to pay
select * from account.register_user('m' || %(key)s || '@example.com', 'Payer', null, %(key)s);
select * from payment.add_payment_method(
    %(user_id)s, 'stripe', 'card', 'tok-' || %(key)s, 'visa', '4242', 12, 2040, true, %(key)s
);
select * from payment.add_payment_method(
    %(user_id)s, 'stripe', 'card', 'tik-' || %(key)s, 'visa', '4242', 12, 2040, false,
    'b' || %(key)s
);
select * from payment.set_default_payment_method(%(user_id)s, %(method)s, %(version)s, %(key)s);
select * from payment.remove_payment_method(%(user_id)s, %(method)s, %(key)s);

-- flow: payments that nobody came back to
-- job
select * from payment.cleanup_expired_payments(10);
select * from payment.cleanup_overdue_disputes(10);
select * from payment.process_provider_events(10);
select * from payment.claim_overdue_steps(10);
select * from payment.cleanup_provider_events(100);
