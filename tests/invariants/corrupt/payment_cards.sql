-- case: a card number is stored
alter table payment.payment_methods drop constraint payment_methods_no_card_data_check;
update payment.payment_methods set token = '4242 4242 4242 4242' where is_default;

-- case: a security code is stored
alter table payment.provider_events drop constraint provider_events_no_card_data_check;
update payment.provider_events set payload = '{"cvc": "123"}';

-- case: a card number is in a note
alter table orders.order_notes drop constraint order_notes_no_card_data_check;
update orders.order_notes set body = 'Mine is 4242 4242 4242 4242.';

-- case: a card number is in a return
alter table orders.order_returns drop constraint order_returns_no_card_data_check;
update orders.order_returns set comment = 'Mine is 4242 4242 4242 4242.';
