-- case: the order of keys and white space make no difference, the values do
select is(
    core.request_hash('{"a": 1, "b": [1, 2]}'), core.request_hash('{"b":[1,2],"a":1}'), 'equal'
);
select isnt(core.request_hash('{"a": 1}'), core.request_hash('{"a": 2}'), 'another value');
select isnt(core.request_hash('{"a": 1}'), core.request_hash('{"a": "1"}'), 'another type');
select isnt(core.request_hash('[1, 2]'), core.request_hash('[2, 1]'), 'another order of elements');
select isnt(
    core.request_hash('{"a": null}'), core.request_hash('{}'), 'null and nothing are different'
);

-- case: it has 32 bytes, whatever the request is
select is(length(core.request_hash(g.request)), 32, coalesce(g.request::text, 'null'))
from (
    values ('{}'::jsonb), ('null'), (null), ('"👩🏽‍💻"'), (to_jsonb(repeat('x', 100000)))
) as g (request);
