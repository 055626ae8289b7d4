-- case: a line is posted, its stocktake is not
update inventory.stock_counts set status = 'cancelled';

-- case: a line has not posted its difference
update inventory.stock_count_lines set counted = counted + 1;
