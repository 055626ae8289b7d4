-- case: more was delivered than came in
update inventory.supplier_receipts set quantity = quantity + 1;
