-- case: money of a cancelled order is kept
update payment.payments set refund_pending = 0 where refund_pending > 0;
delete from payment.refunds where status = 'approved';
