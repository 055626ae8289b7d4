set local role shop_owner;

drop table payment.payment_analytics;
drop table payment.provider_events;
drop table payment.payment_transactions;
drop table payment.dispute_evidence;
drop table payment.payment_disputes;
drop table payment.refunds;
drop table payment.payments;
drop table payment.payment_methods;
alter table orders.orders drop constraint orders_no_card_data_check;
alter table orders.order_items drop constraint order_items_no_card_data_check;
alter table orders.order_status_history drop constraint order_status_history_no_card_data_check;
alter table orders.order_credits drop constraint order_credits_no_card_data_check;
alter table orders.order_notes drop constraint order_notes_no_card_data_check;
alter table orders.order_returns drop constraint order_returns_no_card_data_check;
drop function payment.holds_card_data(text);
delete from core.business_rules
where name in (
    'payment_attempts_max', 'payment_claim_minutes', 'authorization_days', 'payment_methods_max',
    'provider_event_retry_minutes', 'provider_event_tries_max', 'provider_event_days',
    'dispute_evidence_days', 'dispute_alert_days'
);
drop schema payment;
