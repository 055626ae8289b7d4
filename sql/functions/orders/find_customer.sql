-- Who buys, from an owner as cart and inventory take it: a user, or a guest (a row of nulls).
-- No regular expression: every order comes through here.
create or replace function orders.find_customer(p_owner text, p_is_locked boolean)
returns account.users
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_user account.users;
    v_user_id bigint;
begin
    if p_owner like 'user:_%' and p_owner not like 'user:0%' and length(p_owner) <= 23
    and translate(substr(p_owner, 6), '0123456789', '') = '' then
        v_user_id := substr(p_owner, 6)::bigint;
        if p_is_locked then
            return account.lock_user(v_user_id);
        end if;
        select u.* into v_user from account.users as u where u.user_id = v_user_id;
        if not found then
            perform core.refuse('SHA03', jsonb_build_object('user_id', v_user_id));
        end if;
    elsif p_owner not like 'session:_%' or length(p_owner) > 208 or p_owner is null then
        perform cart.find_owner(p_owner);
    end if;
    return v_user;
end;
$function$;

comment on function orders.find_customer(text, boolean) is
'The user of an owner, locked if it says so; nulls for a session. Errors: USER_NOT_FOUND,
USER_NOT_ACTIVE (it is anonymized), INVALID_ARGUMENT.';
