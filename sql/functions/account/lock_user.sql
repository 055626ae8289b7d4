-- Lock a user for an edit. Everything that belongs to the person is edited under this lock, so that
-- nothing is added to somebody who is being anonymised.
--
-- By an update that changes nothing: at the stricter isolation levels a lock alone would hide what
-- its last holder has added, where a write makes the server ask for a repetition (40001).
create or replace function account.lock_user(p_user_id bigint)
returns account.users
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_user account.users;
begin
    update account.users as u
    set version = u.version
    where u.user_id = p_user_id
    returning u.* into v_user;
    if not found then
        perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
    elsif v_user.status = 'anonymized' then
        perform core.refuse('SHA04', jsonb_build_object(
            'user_id', p_user_id, 'status', v_user.status
        ));
    end if;
    return v_user;
end;
$function$;

comment on function account.lock_user(bigint) is
'The user, locked until the end of the transaction. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE (it is
anonymized).';
