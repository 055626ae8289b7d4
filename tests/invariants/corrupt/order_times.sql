-- case: an order was confirmed at another time than its history says
update orders.orders set confirmed_at = confirmed_at + interval '1 second';
