-- case: a unit came back that nobody sent back
update orders.return_items set qty_restocked = qty_restocked - 1 where qty_restocked > 0;
