-- case: a payment has more than its steps brought
update payment.payments set fees = fees + 1 where fees > 0;
