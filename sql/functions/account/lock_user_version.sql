-- Lock a user for an editor who has seen a version.
create or replace function account.lock_user_version(p_user_id bigint, p_expected_version bigint)
returns account.users
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_user constant account.users := account.lock_user(p_user_id);
begin
    if v_user.version is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'user_id', p_user_id, 'expected_version', p_expected_version,
            'version', v_user.version
        ));
    end if;
    return v_user;
end;
$function$;

comment on function account.lock_user_version(bigint, bigint) is
'The user, locked, if it still is at that version. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE,
CONCURRENT_MODIFICATION.';
