-- What an application needs to check a password: the only way to read a credential.
create or replace function account.get_password(p_email text)
returns table (
    user_id bigint, password_hash text, status text, is_locked boolean, locked_until timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
select
    u.user_id,
    c.secret_hash,
    u.status,
    coalesce(c.locked_until > statement_timestamp(), false),
    c.locked_until
from account.users as u
inner join account.credentials as c on c.user_id = u.user_id and c.kind = 'password'
where lower(u.email) = lower(p_email);
$function$;

comment on function account.get_password(text) is
'The password hash of the user with an e-mail address (in any case), with what else decides whether
the user may come in: the status, and whether too many attempts have locked the account. No row for
an unknown address and for a user without a password. Replica: yes.';
grant execute on function account.get_password(text) to account_service;
