-- What is refused above READ COMMITTED is staged in tests/concurrency/test_carts.py: a case cannot
-- choose its level.

-- case: at READ COMMITTED the next look is a new one
select is(current_setting('transaction_isolation'), 'read committed');
select lives_ok('select core.refuse_old_snapshot()');
