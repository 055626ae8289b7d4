-- case: the rest of the transaction knows who acts, for which request, from where and with what
select core.set_context('staff:anna', 'req-1', '192.0.2.7', 'till/2.1');
select is(current_setting('shop.actor'), 'staff:anna', 'the actor');
select is(current_setting('shop.request_id'), 'req-1', 'the request');
select is(current_setting('shop.address'), '192.0.2.7', 'the address');
select is(current_setting('shop.user_agent'), 'till/2.1', 'the program');

-- case: what is written stores the actor and the request
select core.set_context('staff:anna', 'req-1');
select product.create_category('mugs', 'Mugs');
select is((select c.updated_by from product.categories as c), 'staff:anna', 'on the row');
select results_eq(
    'select e.actor, e.request_id from events.outbox_events as e',
    $$values ('staff:anna', 'req-1')$$,
    'on the event'
);

-- case: without it the login role acts, for no request
select is(core.actor(), session_user::text, 'the login role');
select is(core.request_id(), null, 'no request');

-- case: a second call replaces the whole context
select core.set_context('staff:anna', 'req-1', '192.0.2.7', 'till/2.1');
select core.set_context('staff:ben');
select is(core.actor(), 'staff:ben', 'the new actor');
select is(core.request_id(), null, 'the request of the first call is gone');
select is(current_setting('shop.address'), '', 'so is its address');
select is(current_setting('shop.user_agent'), '', 'and its program');

-- case: Unicode, quotes and SQL are only text
select core.set_context(
    'staff:Zoë O''Brien 👩🏽‍💻 مرحبا', 'x''); drop schema core cascade; --', '2001:db8::7/64'
);
select is(core.actor(), 'staff:Zoë O''Brien 👩🏽‍💻 مرحبا', 'the actor as it was sent');
select is(core.request_id(), 'x''); drop schema core cascade; --', 'so is the request');
select is(current_setting('shop.address'), '2001:db8::7', 'the address without its mask');

-- case: the longest values are accepted
select lives_ok(
    $$select core.set_context(
        repeat('a', 200), repeat('r', 200), '192.0.2.7', repeat('u', 1000)
    )$$
);
select is(length(core.actor()), 200, 'nothing is cut off');

-- case: a malformed context is refused, and the one before stays
select core.set_context('staff:anna', 'req-1');
select throws_ok(b.call, '22023', null, b.title)
from (
    values
    ('select core.set_context(null)', 'no actor'),
    ($$select core.set_context('')$$, 'an empty actor'),
    ($$select core.set_context(repeat('a', 201))$$, 'an actor that is too long'),
    ($$select core.set_context('a', repeat('r', 201))$$, 'a request id that is too long'),
    ($$select core.set_context('a', null, null, repeat('u', 1001))$$, 'an agent that is too long')
) as b (call, title);
select throws_ok(
    $$select core.set_context('a', 'r', '300.1.1.1')$$, '22P02', null, 'no address at all'
);
select is(core.actor(), 'staff:anna', 'the actor is still the one before');
select is(core.request_id(), 'req-1', 'and so is the request');
