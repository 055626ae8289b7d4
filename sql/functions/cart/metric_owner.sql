-- How the owner of a cart is called in metrics: the token of a session is a secret.
create or replace function cart.metric_owner(p_cart cart.carts)
returns text
language sql
stable
security invoker
return coalesce(
    'user:' || (p_cart).user_id,
    'session:' || pg_catalog.encode(
        pg_catalog.sha256(pg_catalog.convert_to((p_cart).session_token, 'UTF8')), 'hex'
    ),
    'nobody'
);

comment on function cart.metric_owner(cart.carts) is
'user:42, or session: and the SHA-256 of the token.';
