-- case: a refund is on its way that nobody knows of
update payment.refunds set status = 'failed', closed_at = clock_timestamp()
where status = 'approved';
