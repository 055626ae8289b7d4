-- The active cart of an owner, as a plain read shows it.
create or replace function cart.find_cart(p_owner text)
returns cart.carts
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_owner constant record := cart.find_owner(p_owner);
    v_cart cart.carts;
begin
    if v_owner.user_id is not null then
        select c.* into v_cart
        from cart.carts as c
        where c.user_id = v_owner.user_id and c.status = 'active'
        and c.expires_at > statement_timestamp();
    else
        select c.* into v_cart
        from cart.carts as c
        where c.session_token = v_owner.session_token and c.status = 'active'
        and c.expires_at > statement_timestamp();
    end if;
    return v_cart;
end;
$function$;

comment on function cart.find_cart(text) is
'The active cart of an owner, null where there is none. Errors: INVALID_ARGUMENT.';
