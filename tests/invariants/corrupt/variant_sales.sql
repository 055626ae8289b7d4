-- case: more was counted than was sold
update orders.variant_sales set units = units + 1;
