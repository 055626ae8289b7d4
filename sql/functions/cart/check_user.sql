-- Refuse somebody who may not buy; a session is nobody in particular.
create or replace function cart.check_user(p_user_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_status text;
begin
    if p_user_id is not null then
        select u.status into v_status from account.users as u where u.user_id = p_user_id;
        if not found then
            perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
        elsif v_status <> 'active' then
            perform core.refuse('SHA04', jsonb_build_object(
                'user_id', p_user_id, 'status', v_status
            ));
        end if;
    end if;
end;
$function$;

comment on function cart.check_user(bigint) is
'Refuses a user who is not active; null is a guest. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE.';
