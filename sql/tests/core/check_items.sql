-- case: as many elements as the limit are accepted, one more and none are not
select lives_ok(
    $$select core.check_items('[{"f": 1}, {"f": 2}]', '{"f": "positive"}', 2)$$, 'the limit'
);
select throws_ok(
    $$select core.check_items('[{"f": 1}, {"f": 2}, {"f": 3}]', '{"f": "positive"}', 2)$$,
    '22023', null, 'one more'
);
select throws_ok(
    $$select core.check_items('[]', '{"f": "positive"}', 2)$$, '22023', null, 'none'
);
select lives_ok(
    $$
    select core.check_items(
        (select jsonb_agg('{"f": 1}'::jsonb) from generate_series(1, 20000)),
        '{"f": "positive"}', null
    )
    $$,
    'any number where the rule is off'
);

-- case: what is no array is refused
select throws_ok(
    format($$select core.check_items(%L, '{"f": "positive"}', 2)$$, b.items), '22023', null,
    coalesce(b.items, 'null')
)
from (values (null), ('null'), ('{}'), ('{"f": 1}'), ('"f"'), ('1')) as b (items);

-- case: of several problems the first element is named
select throws_like(
    $$select core.check_items('[{"f": 1}, {"f": 0}, 5]', '{"f": "positive"}', 3)$$,
    'an argument is malformed'
);
