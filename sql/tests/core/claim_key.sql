-- case: the first claim gets nothing, and a repetition the stored answer
select core.set_context('staff:anna');
select is(core.claim_key('s', 'k', '{"a": 1}'), null, 'claimed');
select core.store_response('s', 'k', '{"b": 2}');
select is(core.claim_key('s', 'k', '{"a": 1}'), '{"b": 2}'::jsonb, 'repeated');
select results_eq(
    'select k.scope, k.key, k.response, k.created_by from core.idempotency_keys as k',
    $$values ('s', 'k', '{"b": 2}'::jsonb, 'staff:anna')$$,
    'one row'
);

-- case: an answer that is known already is stored with the claim
select is(core.claim_key('s', 'k', '{"a": 1}', '[]'), null, 'claimed');
select is(core.claim_key('s', 'k', '{"a": 1}'), '[]'::jsonb, 'repeated');

-- case: the same key with another request is refused
select core.claim_key('s', 'k', '{"a": 1}', '{}');
select throws_ok(
    $$select core.claim_key('s', 'k', '{"a": 2}')$$, 'SHC01', null, 'another value'
);
select throws_ok($$select core.claim_key('s', 'k', null)$$, 'SHC01', null, 'no request');

-- case: the refusal names the function, and not the session whose key it is
select core.claim_key('f/session:secret', 'k', '{"a": 1}', '{}');
select is(
    detail_of($$select core.claim_key('f/session:secret', 'k', null)$$),
    '{"error": "IDEMPOTENCY_KEY_REUSED", "function": "f", "key": "k"}'
);

-- case: scopes do not share keys
select core.claim_key('s', 'k', '{"a": 1}', '{"s": 1}');
select is(core.claim_key('t', 'k', '{"a": 1}'), null, 'the key is new in the other scope');

-- case: without a key nothing is claimed
select is(core.claim_key('s', null, '{"a": 1}'), null, 'nothing to answer');
select is_empty('table core.idempotency_keys', 'no row');
select lives_ok($$select core.store_response('s', null, '{}')$$, 'nothing to store');

-- case: a key is 1 to 255 characters, whatever they are
select throws_ok(
    format($$select core.claim_key('s', %L, '{}')$$, b.key), '22023', null, length(b.key)::text
)
from (values (''), (repeat('k', 256))) as b (key);
select is(core.claim_key('s', g.key, '{}', '{}'), null, left(g.key, 20))
from (values (repeat('k', 255)), (' '), ('é'), ('e' || chr(769)), (''' or 1=1 --')) as g (key);
select is(count(*), 5, 'five different keys')
from core.idempotency_keys;

-- case: an answer is a row for good: a claim without one is a violation
select core.claim_key('s', 'k', '{"a": 1}');
select isnt_empty('select * from ops.invariant_idempotency_keys_answered()');
