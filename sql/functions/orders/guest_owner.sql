-- How a guest is kept with an order: the token of a session is a secret.
create or replace function orders.guest_owner(p_owner text)
returns text
language sql
immutable
security invoker
return case
    when p_owner like 'session:%' then 'session:' || pg_catalog.encode(
        pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.substr(p_owner, 9), 'UTF8')), 'hex'
    )
end;

comment on function orders.guest_owner(text) is
'session: and the SHA-256 of the token, as cart.metric_owner writes it; null for a user.';
