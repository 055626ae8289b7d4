-- Refuse what another user has, before anything is written: the unique indexes decide who was
-- first, but they wait for whoever is changing the other user, and two who take what the other has
-- would wait for each other.
create or replace function account.check_not_taken(
    p_user_id bigint, p_email text, p_phone text, p_prefix text default ''
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform core.refuse('SHA01', jsonb_build_object('argument', p_prefix || 'email'))
    from account.users as u
    where lower(u.email) = lower(p_email) and u.user_id is distinct from p_user_id;
    perform core.refuse('SHA02', jsonb_build_object('argument', p_prefix || 'phone'))
    from account.users as u
    where u.phone = p_phone and u.user_id is distinct from p_user_id;
end;
$function$;

comment on function account.check_not_taken(bigint, text, text, text) is
'Refuses an e-mail address and a phone number that another user than this one (null for a new one)
has; null is none. The prefix is for the names of the arguments. Errors: EMAIL_TAKEN, PHONE_TAKEN.';
