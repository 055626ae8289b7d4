-- case: the end is exclusive, and null is no limit
select is(
    product.check_window('2030-01-01 00:00+00', '2030-02-01 00:00+00'),
    '["2030-01-01 00:00+00","2030-02-01 00:00+00")'::tstzrange
);
select is(product.check_window(null, null), '(,)'::tstzrange);

-- case: an end that does not follow the beginning, and infinity, are refused
select throws_ok(
    format('select product.check_window(%L, %L)', b.valid_from, b.valid_until), '22023', null,
    b.valid_from || ' ' || b.valid_until
)
from (
    values
    ('2030-01-01', '2030-01-01'), ('2030-01-02', '2030-01-01'), ('-infinity', '2030-01-01'),
    ('2030-01-01', 'infinity')
) as b (valid_from, valid_until);
