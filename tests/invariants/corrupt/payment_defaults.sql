-- case: no method is the default
update payment.payment_methods set is_default = false;
