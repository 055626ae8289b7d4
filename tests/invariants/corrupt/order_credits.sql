-- case: more was credited than the credits say
update orders.orders set credit_total = credit_total - 1 where status = 'delivered';
