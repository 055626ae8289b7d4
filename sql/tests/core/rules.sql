-- case: each limit is there with its unit, version and editor
select core.set_context('staff:anna');
select core.set_business_rule('price_max', 900000, 0, 'JPY');
select results_eq(
    $$
    select r.currency, r.value, r.is_enabled, r.unit, r.version, r.updated_by
    from core.rules as r
    where r.name = 'price_max' and r.currency is not null
    $$,
    $$values ('JPY', 900000.0000::numeric(19, 4), true, 'money', 1::bigint, 'staff:anna')$$
);
select is(count(*), 1, 'beside the general one')
from core.rules as r
where r.name = 'price_max' and r.currency is null;
