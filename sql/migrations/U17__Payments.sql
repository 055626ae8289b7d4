set local role shop_owner;

drop table payment.payment_analytics;
drop table payment.provider_events;
drop table payment.payment_transactions;
drop table payment.dispute_evidence;
drop table payment.payment_disputes;
drop table payment.refunds;
drop table payment.payments;
drop table payment.payment_methods;
drop function payment.holds_card_data(text);
delete from core.business_rules
where name in (
    'payment_attempts_max', 'payment_claim_minutes', 'authorization_days', 'payment_methods_max',
    'provider_event_retry_minutes', 'provider_event_tries_max', 'provider_event_days',
    'dispute_evidence_days', 'dispute_alert_days'
);
drop schema payment;
