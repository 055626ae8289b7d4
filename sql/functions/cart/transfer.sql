-- Give a guest's cart to another owner: what merging at log-in and moving to another session share.
--
-- Where the new owner has no cart, the guest's becomes the owner's. Otherwise its lines are added
-- to those that are there, and it is closed; quantities are added up without a limit, so that
-- nothing is lost, and cart.validate_cart says what is too much. Both carts are locked in ascending
-- order. Holds go along.
create or replace function cart.transfer(
    p_scope text, p_session text, p_owner text, p_idempotency_key text
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_guest constant text := concat('session:', p_session);
    v_owner constant record := cart.find_owner(p_owner);
    v_response jsonb;
    v_timeout text;
    v_found cart.carts[];
    v_from cart.carts;
    v_to cart.carts;
    v_items jsonb;
    v_variant_ids bigint[];
    v_is_moved boolean := false;
begin
    perform cart.find_owner(v_guest);
    if v_guest = p_owner then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_session', 'expected', 'another session than the one to move to'
        ));
    end if;
    v_response := core.claim_key(p_scope, p_idempotency_key, jsonb_build_object(
        'session', encode(sha256(convert_to(v_guest, 'UTF8')), 'hex'), 'owner', p_owner
    ));
    if v_response is not null then
        return v_response;
    end if;

    v_timeout := cart.lock_timeout();
    begin
        if v_owner.user_id is not null then
            perform account.lock_user(v_owner.user_id);
            perform cart.check_user(v_owner.user_id);
        end if;
        loop
            v_found := array(
                select c
                from cart.carts as c
                where c.status = 'active'
                and (
                    c.session_token = p_session or c.user_id = v_owner.user_id
                    or c.session_token = v_owner.session_token
                )
                order by c.cart_id
                for no key update
            );
            v_from := null;
            v_to := null;
            for v_position in 1..cardinality(v_found) loop
                if v_found[v_position].expires_at <= clock_timestamp() then
                    perform cart.close_cart(v_found[v_position], 'expired', null);
                elsif v_found[v_position].session_token = p_session then
                    v_from := v_found[v_position];
                else
                    v_to := v_found[v_position];
                end if;
            end loop;
            exit when v_from.cart_id is null or v_to.cart_id is not null;
            begin
                update cart.carts as c
                set user_id = v_owner.user_id, session_token = v_owner.session_token
                where c.cart_id = v_from.cart_id
                returning c.* into v_to;
                v_is_moved := true;
                exit;
            exception
                when unique_violation then
                    -- The new owner has just opened a cart: look again, and merge. An old
                    -- snapshot would never show it.
                    perform core.refuse_old_snapshot();
                    v_to := null;
            end;
        end loop;
    exception
        when lock_not_available then
            perform core.refuse('SHK02', jsonb_build_object(
                'seconds', core.rule('cart_lock_seconds')
            ));
    end;
    perform set_config('lock_timeout', v_timeout, true);

    if v_from.cart_id is not null then
        if not v_is_moved then
            -- An empty cart takes the currency of what comes.
            update cart.carts as c
            set currency = v_from.currency
            where c.cart_id = v_to.cart_id and c.currency <> v_from.currency
            and not exists (select from cart.cart_items as i where i.cart_id = c.cart_id);
            select c.* into v_to from cart.carts as c where c.cart_id = v_to.cart_id;
            insert into cart.cart_items as i (
                cart_id, variant_id, quantity, name_seen, price_seen, price_seen_at, added_at,
                updated_by
            )
            select
                v_to.cart_id, s.variant_id, s.quantity, s.name_seen, s.price_seen,
                s.price_seen_at, s.added_at, core.actor()
            from cart.cart_items as s
            where s.cart_id = v_from.cart_id
            on conflict on constraint cart_items_pkey do update
                set
                    quantity = least(i.quantity::bigint + excluded.quantity, 999999999),
                    updated_at = clock_timestamp(),
                    updated_by = excluded.updated_by;
            if v_from.currency <> v_to.currency then
                perform cart.see_prices(v_to, array(
                    select s.variant_id from cart.cart_items as s where s.cart_id = v_from.cart_id
                ));
            end if;
            perform cart.close_cart(v_from, 'merged', v_to.cart_id);
        end if;
        select
            coalesce(jsonb_agg(jsonb_build_object(
                'variant_id', i.variant_id, 'sku', v.sku, 'quantity', i.quantity
            ) order by i.variant_id), '[]'),
            array_agg(i.variant_id order by i.variant_id)
        into v_items, v_variant_ids
        from cart.cart_items as s
        inner join cart.cart_items as i
            on i.cart_id = v_to.cart_id and i.variant_id = s.variant_id
        inner join product.variants as v on v.variant_id = i.variant_id
        where s.cart_id = v_from.cart_id;
        v_to.version := cart.record_change(
            v_to, case when v_is_moved then 'move' else 'merge' end, v_items,
            case when not v_is_moved or v_owner.user_id is not null then 'merge' end
        );
        perform inventory.move_holds(v_guest, p_owner, v_variant_ids)
        where cardinality(v_variant_ids) > 0;
    end if;

    select jsonb_build_object(
        'cart_id', v_to.public_id, 'version', v_to.version,
        'moved_lines', coalesce(jsonb_array_length(v_items), 0), 'lines', count(*),
        'units', coalesce(sum(i.quantity), 0)
    )
    into v_response
    from cart.cart_items as i
    where i.cart_id = v_to.cart_id;
    perform core.store_response(p_scope, p_idempotency_key, v_response);
    return v_response;
end;
$function$;

comment on function cart.transfer(text, text, text, text) is
'Moves the cart of a session to another owner, or merges it into the one that is there. Errors:
USER_NOT_FOUND, USER_NOT_ACTIVE, CART_BUSY, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.';
