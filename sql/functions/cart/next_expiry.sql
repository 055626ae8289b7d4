-- When a cart that is changed now will expire.
create or replace function cart.next_expiry()
returns timestamptz
language sql
volatile
security invoker
return coalesce(
    pg_catalog.clock_timestamp()
    + pg_catalog.make_interval(days => core.rule('cart_days')::integer),
    'infinity'
);

comment on function cart.next_expiry() is
'The rule cart_days from now; never, where the rule is off.';
