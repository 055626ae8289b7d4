-- case: two prices are in force at one time
alter table product.prices drop constraint prices_one_at_a_time_excl;
insert into product.prices (
    variant_id, currency, amount, max_amount, price_list_id, validity, updated_by
)
select x.variant_id, x.currency, x.amount, x.max_amount, x.price_list_id, x.validity, 'nobody'
from product.prices as x
where x.validity <> '(,)';
insert into product.price_history (variant_id, price_id, version, amount, validity, changed_by)
select x.variant_id, x.price_id, x.version, x.amount, x.validity, 'nobody'
from product.prices as x
where x.updated_by = 'nobody';
