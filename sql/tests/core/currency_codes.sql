-- case: currencies come with the digits that amounts are rounded to
select set_eq(
    $$
    select c.code, c.exponent::integer
    from core.currency_codes as c
    where c.code in ('EUR', 'GBP', 'JPY', 'BHD', 'USD')
    $$,
    $$values ('EUR', 2), ('GBP', 2), ('JPY', 0), ('BHD', 3), ('USD', 2)$$
);

-- case: every code is of ISO 4217 and has a name
select is_empty(
    $$
    select c.code
    from core.currency_codes as c
    where c.code !~ '^[A-Z]{3}$' or c.name = '' or c.exponent not between 0 and 4
    $$
);
select cmp_ok(count(*), '>', 150, 'all of them are there')
from core.currency_codes;
