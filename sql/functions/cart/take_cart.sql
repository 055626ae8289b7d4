-- Lock an owner's active cart, or open one.
--
-- The cart's row is what every change of a cart waits for, so that parallel additions lose nothing.
-- Nobody waits for long: the rule cart_lock_seconds. Where the row is free it is taken without the
-- subtransaction that turning a lock timeout into a refusal needs; not one that is past its expiry,
-- for which a new cart may have to be opened, and the user's lock goes before a cart's.
create or replace function cart.take_cart(p_owner text, p_currency text)
returns cart.carts
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_owner constant record := cart.find_owner(p_owner);
    v_cart cart.carts;
    v_timeout text;
begin
    if v_owner.user_id is not null then
        select c.* into v_cart
        from cart.carts as c
        where c.user_id = v_owner.user_id and c.status = 'active'
        and c.expires_at > clock_timestamp()
        for no key update skip locked;
    else
        select c.* into v_cart
        from cart.carts as c
        where c.session_token = v_owner.session_token and c.status = 'active'
        and c.expires_at > clock_timestamp()
        for no key update skip locked;
    end if;
    if found then
        return v_cart;
    end if;

    v_timeout := cart.lock_timeout();
    begin
        loop
            -- A user goes before a cart. Nobody opens a cart for a user who is being anonymised.
            if p_currency is not null and v_owner.user_id is not null then
                perform account.lock_user(v_owner.user_id);
                perform cart.check_user(v_owner.user_id);
            end if;
            select c.* into v_cart
            from cart.carts as c
            where c.status = 'active'
            and (c.user_id = v_owner.user_id or c.session_token = v_owner.session_token)
            for no key update;
            exit when v_cart.expires_at > clock_timestamp();
            if found then
                -- Past its expiry it is nobody's cart, swept or not.
                perform cart.close_cart(v_cart, 'expired', null);
            end if;
            v_cart := null;
            exit when p_currency is null;
            insert into cart.carts (
                user_id, session_token, currency, updated_by, expires_at
            )
            values (
                v_owner.user_id, v_owner.session_token, p_currency, core.actor(),
                cart.next_expiry()
            )
            on conflict do nothing
            returning * into v_cart;
            exit when found;
        end loop;
    exception
        when lock_not_available then
            perform core.refuse('SHK02', jsonb_build_object(
                'seconds', core.rule('cart_lock_seconds')
            ));
    end;
    perform set_config('lock_timeout', v_timeout, true);
    return v_cart;
end;
$function$;

comment on function cart.take_cart(text, text) is
'The active cart of an owner, locked until the end of the transaction; where there is none, a new
one in the currency, or null without a currency. Errors: CART_BUSY, USER_NOT_FOUND, USER_NOT_ACTIVE,
INVALID_ARGUMENT.';
