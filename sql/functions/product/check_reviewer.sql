-- Shared until the end of the transaction: who is suspended or anonymised in the meantime waits.
create or replace function product.check_reviewer(p_user_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_status text;
begin
    select u.status into v_status
    from account.users as u
    where u.user_id = p_user_id
    for share;
    if not found then
        perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
    end if;
    if v_status <> 'active' then
        perform core.refuse('SHA04', jsonb_build_object('user_id', p_user_id, 'status', v_status));
    end if;
end;
$function$;

comment on function product.check_reviewer(bigint) is
'Refuses a user who may not write reviews. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE.';
