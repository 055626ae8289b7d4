-- case: stock has no first bucket
update inventory.stock_buckets set bucket = bucket + 8;
