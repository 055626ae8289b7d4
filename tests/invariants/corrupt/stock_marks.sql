-- case: a bucket does not know when it is low
update inventory.stock_buckets set low_mark = low_mark + 1;
