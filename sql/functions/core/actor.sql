-- Who acts, as core.set_context said; the login role where nobody said. Any role may set the
-- setting itself, so its length is not trusted.
create or replace function core.actor()
returns text
language sql
stable
security invoker
return coalesce(
    nullif(pg_catalog.left(pg_catalog.current_setting('shop.actor', true), 200), ''), session_user
);

comment on function core.actor() is 'Who acts in this transaction. For rows that store the actor.';
