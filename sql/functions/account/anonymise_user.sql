-- Take the person out of a user; what the user bought stays.
--
-- Lock order: the user, then the orders, then the cart, holds and stock. The user's lock keeps out
-- whoever would add an address, a password, a cart or an order meanwhile; so nobody who has the
-- cart can wait for the orders, and they come first because the cart goes on to the stock.
create or replace function account.anonymise_user(
    p_user_id bigint,
    p_idempotency_key text default null
)
returns table (user_id bigint, public_id uuid, anonymized_at timestamptz, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'account.anonymise_user';
    v_response jsonb;
    v_user account.users;
    v_addresses account.addresses[];
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, to_jsonb(p_user_id));
    if v_response is null then
        select u.* into v_user
        from account.users as u
        where u.user_id = p_user_id
        for no key update;
        if not found then
            perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
        end if;
        -- Asked for twice, it is done once.
        if v_user.status <> 'anonymized' then
            perform orders.forget_user(p_user_id);
            perform payment.forget_user(p_user_id);
            with removed as (
                delete from account.addresses as a
                where a.user_id = p_user_id
                returning a.*
            )
            select array_agg(r order by r.address_id) into v_addresses from removed as r;
            perform account.emit_addresses('address.removed', v_addresses);
            delete from account.credentials as c where c.user_id = p_user_id;
            update account.users as u
            set
                email = 'anonymized.' || u.user_id || '@invalid',
                full_name = 'Anonymized',
                phone = null,
                customer_group = null,
                status = 'anonymized',
                anonymized_at = clock_timestamp(),
                version = u.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where u.user_id = p_user_id
            returning u.* into v_user;
            perform events.emit(
                'user.anonymized', 'user', array[p_user_id], array[v_user.version],
                array[jsonb_build_object(
                    'user_id', p_user_id, 'public_id', v_user.public_id,
                    'version', v_user.version
                )]
            );
            perform product.anonymise_reviews(p_user_id);
            perform cart.forget_user(p_user_id);
        end if;
        v_response := jsonb_build_object(
            'user_id', p_user_id, 'public_id', v_user.public_id,
            'anonymized_at', v_user.anonymized_at, 'version', v_user.version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        user_id bigint, public_id uuid, anonymized_at timestamptz, version bigint
    );
end;
$function$;

comment on function account.anonymise_user(bigint, text) is
'Takes the person out of a user, for good: name, e-mail address and phone are replaced, addresses
and credentials deleted, payment methods removed, the contacts of orders emptied with the notes and
comments beside them, the cart closed and its holds released. Keys stay, so that orders and reviews
keep their place; done already, it answers the same. Who has orders that are not sent yet is
refused: send or cancel them first. A guest has no user: orders.anonymise_order. Errors:
USER_NOT_FOUND, USER_HAS_OPEN_ORDERS, CART_BUSY, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica:
no (writes).';
grant execute on function account.anonymise_user(bigint, text) to account_service;
