-- Nothing that looks like a card number or a security code is stored.
-- Checks make it impossible; a restore that left them out would show here.
select
    'payment method ' || m.method_id as object,
    jsonb_build_object('table', 'payment_methods') as detail
from payment.payment_methods as m
where payment.holds_card_data(m.token) or payment.holds_card_data(m.brand)
union all
select
    'transaction ' || t.order_id || '-' || t.transaction_id,
    jsonb_build_object('table', 'payment_transactions')
from payment.payment_transactions as t
where payment.holds_card_data(concat_ws(' | ', t.provider_ref, t.error_code, t.error_reason))
union all
select
    'event of ' || e.provider,
    jsonb_build_object('table', 'provider_events', 'received_at', e.received_at)
from payment.provider_events as e
where payment.holds_card_data(e.payload::text) or payment.holds_card_data(e.event_id)
union all
select
    'refund ' || r.order_id || '-' || r.refund_id,
    jsonb_build_object('table', 'refunds')
from payment.refunds as r
where payment.holds_card_data(concat_ws(' | ', r.note, r.error_reason))
union all
select
    'evidence ' || v.order_id || '-' || v.dispute_id || ' ' || v.kind || ' ' || v.version,
    jsonb_build_object('table', 'dispute_evidence')
from payment.dispute_evidence as v
where payment.holds_card_data(v.body) or payment.holds_card_data(v.file_uri)
union all
select
    'note ' || n.order_id || '-' || n.note_no,
    jsonb_build_object('table', 'order_notes')
from orders.order_notes as n
where payment.holds_card_data(n.body)
union all
select
    'return ' || w.order_id || '-' || w.return_no,
    jsonb_build_object('table', 'order_returns')
from orders.order_returns as w
where payment.holds_card_data(concat_ws(' | ', w.reason, w.comment, w.decision_reason))
