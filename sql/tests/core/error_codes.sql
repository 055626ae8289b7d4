-- case: codes and names are unique, and of the form that is promised
select is_empty(
    $$
    select c.sqlstate
    from core.error_codes as c
    group by c.sqlstate
    having count(*) > 1
    $$,
    'one row a code'
);
select is_empty(
    'select c.name from core.error_codes as c group by c.name having count(*) > 1',
    'one row a name'
);
select is_empty(
    $$
    select c.sqlstate
    from core.error_codes as c
    where c.sqlstate !~ '^(SH[A-Z][0-9]{2}|[0-9][0-9A-Z]{4})$' or c.name !~ '^[A-Z][A-Z0-9_]+$'
    $$,
    'class SH, a service letter and two digits; else a standard code'
);

-- case: each says what it means and what to do next
select is_empty(
    $$
    select c.sqlstate
    from core.error_codes as c
    where c.meaning !~ '^[a-z].*[^.]$' or c.remedy !~ '^[A-Z].*[.]$' or c.retryable is null
    or c.http_status not between 400 and 599
    $$,
    'a meaning without a full stop, a remedy in sentences, an HTTP status'
);

-- case: the names that clients are promised are there
select set_eq(
    $$
    select c.name, c.http_status
    from core.error_codes as c
    where c.name in (
        'INSUFFICIENT_STOCK', 'CONCURRENT_MODIFICATION', 'PRODUCT_NOT_FOUND', 'INVALID_ARGUMENT'
    )
    $$,
    $$
    values
    ('INSUFFICIENT_STOCK', 409),
    ('CONCURRENT_MODIFICATION', 409),
    ('PRODUCT_NOT_FOUND', 404),
    ('INVALID_ARGUMENT', 400)
    $$
);
