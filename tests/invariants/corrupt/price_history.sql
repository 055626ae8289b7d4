-- case: the newest line of the history is another price
update product.price_history set amount = 1 where version = 2;

-- case: a line of the history is missing
insert into product.price_history (variant_id, price_id, version, amount, validity, changed_by)
select h.variant_id, h.price_id, 4, h.amount, h.validity, 'nobody'
from product.price_history as h
where h.version = 2;
update product.prices set version = 4 where version = 2;
