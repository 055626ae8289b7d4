-- case: a dispute that was won has money
update payment.payment_disputes
set status = 'lost', counted = amount
where status = 'won';
