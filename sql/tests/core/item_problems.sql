-- setup: what items of each type are judged to be
create function pg_temp.expected(p_type text, p_value jsonb)
returns text
language sql
stable
as $function$
    select string_agg(p.expected, ' | ')
    from core.item_problems(
        jsonb_build_array(jsonb_build_object('f', p_value)), jsonb_build_object('f', p_type)
    ) as p;
$function$;

-- case: well-formed items have no problem
select is_empty(
    $$
    select p.*
    from core.item_problems(
        '[{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2, "version": 0}]',
        '{"sku": "text", "quantity": "positive", "version?": "version"}'
    ) as p
    $$
);
select is_empty(
    $$select p.* from core.item_problems('[]', '{"sku": "text"}') as p$$, 'no items, no problem'
);

-- case: each problem names its element, from 1, and its field
select results_eq(
    $$
    select p.item, p.field
    from core.item_problems(
        '[{"sku": "A", "quantity": 1}, 7, {"sku": "B", "size": 3}, null, [], "A",
        {"sku": 5, "quantity": 0, "Quantity": 1}]',
        '{"sku": "text", "quantity": "positive"}'
    ) as p
    $$,
    $$
    values
    (2, null), (3, 'quantity'), (3, 'size'), (4, null), (5, null), (6, null),
    (7, 'Quantity'), (7, 'quantity'), (7, 'sku')
    $$
);

-- case: an unknown field is told which are known
select is(
    p.expected, 'no such field; known are quantity, sku', 'in order'
)
from core.item_problems(
    '[{"sku": "A", "quantity": 1, "👩🏽‍💻''; --": 2}]', '{"sku": "text", "quantity?": "positive"}'
) as p;

-- case: a field that may be left out is checked where it is there
select is_empty(
    $$select p.* from core.item_problems('[{}]', '{"f?": "positive"}') as p$$, 'left out'
);
select isnt_empty(
    $$select p.* from core.item_problems('[{"f": null}]', '{"f?": "positive"}') as p$$, 'null'
);
select isnt_empty(
    $$select p.* from core.item_problems('[{}]', '{"f": "positive"}') as p$$, 'not to be left out'
);

-- case: text is 1 to 500 characters without control characters
select is(pg_temp.expected('text', to_jsonb(g.value)), null, g.title)
from (
    values
    ('A', 'one character'),
    (repeat('x', 500), '500 characters'),
    (repeat('é', 500), '500 characters of two bytes'),
    (' é e' || chr(769) || ' 👩🏽‍💻 مرحبا ', 'combining, joined, right to left, blanks at the ends'),
    ('''; drop table x; --', 'quotes and SQL')
) as g (value, title);
select isnt(pg_temp.expected('text', b.value), null, b.title)
from (
    values
    ('""'::jsonb, 'nothing'),
    (to_jsonb(repeat('x', 501)), '501 characters'),
    ('"a\nb"', 'a line end'),
    ('"a\tb"', 'a tab'),
    ('"\u0001"', 'another control character'),
    ('1', 'a number'),
    ('null', 'null'),
    ('true', 'a boolean'),
    ('["A"]', 'an array'),
    ('{"a": "A"}', 'an object')
) as b (value, title);

-- case: long text may be empty, and long
select is(pg_temp.expected('long text', to_jsonb(g.value)), null, g.title)
from (
    values ('', 'nothing'), (E'two\nlines', 'lines'), (repeat('x', 100000), '100,000 characters')
) as g (value, title);
select isnt(
    pg_temp.expected('long text', to_jsonb(repeat('x', 100001))), null, '100,001 characters'
);
select isnt(pg_temp.expected('long text', '5'), null, 'a number');

-- case: a positive number is whole, from 1 to 999,999,999
select is(pg_temp.expected('positive', g.value), null, g.value::text)
from (values ('1'::jsonb), ('999999999'), ('1e2')) as g (value);
select is(
    pg_temp.expected('positive', b.value), 'a whole number from 1 to 999999999', b.value::text
)
from (
    values
    ('0'::jsonb), ('-1'), ('1.5'), ('1.0'), ('1000000000'), ('2147483648'), ('1e15'), ('1e400'),
    ('"1"'), ('null'), ('true'), ('[1]'), ('{}')
) as b (value);

-- case: a count may be zero, a version may be huge
select is(pg_temp.expected('count', '0'), null, 'a count of zero');
select is(pg_temp.expected('count', '-1'), 'a whole number from 0 to 999999999', 'below zero');
select is(
    pg_temp.expected('count', '1000000000'), 'a whole number from 0 to 999999999', 'too many'
);
select is(pg_temp.expected('version', g.value), null, 'version ' || g.value::text)
from (values ('0'::jsonb), ('9223372036854775807')) as g (value);
select is(
    pg_temp.expected('version', b.value),
    'a whole number from 0 to 9223372036854775807',
    'version ' || b.value::text
)
from (values ('9223372036854775808'::jsonb), ('-1'), ('0.5'), ('"3"')) as b (value);

-- case: an amount is a number or a numeric string with at most 4 decimals
select is(pg_temp.expected('amount', g.value), null, g.value::text)
from (
    values ('0'::jsonb), ('1.2345'), ('"1.2345"'), ('"007.50"'), ('999999999999999.9999')
) as g (value);
select is(
    pg_temp.expected('amount', b.value),
    'an amount from 0 to below 1e15 with at most 4 decimals',
    b.value::text
)
from (
    values
    ('-1'::jsonb), ('"-1"'), ('1.23456'), ('1e15'), ('"1e3"'), ('"1,50"'), ('" 1"'), ('""'),
    ('"."'), ('"NaN"'), ('"Infinity"'), ('"٣"'), ('null'), ('true'), ('[]')
) as b (value);
