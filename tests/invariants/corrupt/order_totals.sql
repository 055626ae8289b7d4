-- case: an order costs something else than its lines
update orders.orders set subtotal = subtotal - 1 where status = 'expired';

-- case: a line is missing
update orders.orders set line_count = line_count + 1 where status = 'delivered';
