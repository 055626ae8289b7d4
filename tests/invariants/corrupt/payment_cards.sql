-- case: a card number is stored
alter table payment.payment_methods drop constraint payment_methods_no_card_data_check;
update payment.payment_methods set token = '4242 4242 4242 4242' where is_default;

-- case: a security code is stored
alter table payment.provider_events drop constraint provider_events_no_card_data_check;
update payment.provider_events set payload = '{"cvc": "123"}';
