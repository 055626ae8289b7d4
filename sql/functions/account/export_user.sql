-- Everything that is held about a user, over all services; not which of the staff touched it.
create or replace function account.export_user(p_user_id bigint)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_user account.users;
    v_data jsonb;
begin
    select u.* into v_user from account.users as u where u.user_id = p_user_id;
    if not found then
        perform core.refuse('SHA03', jsonb_build_object('user_id', p_user_id));
    end if;
    select jsonb_build_object(
        'user', to_jsonb(v_user) - 'updated_by',
        'addresses', (
            select coalesce(jsonb_agg(to_jsonb(a) - 'updated_by' order by a.address_id), '[]')
            from account.addresses as a
            where a.user_id = p_user_id
        ),
        -- That there is a password, and when it was used; what it is, not even as a hash.
        'credentials', (
            select coalesce(jsonb_agg(
                to_jsonb(c) - 'secret_hash' - 'updated_by' order by c.kind
            ), '[]')
            from account.credentials as c
            where c.user_id = p_user_id
        ),
        'reviews', (
            select coalesce(jsonb_agg(
                to_jsonb(r) - 'updated_by' - 'moderated_by' order by r.product_id
            ), '[]')
            from product.product_reviews as r
            where r.user_id = p_user_id
        ),
        'reservations', (
            select coalesce(jsonb_agg(to_jsonb(h) - 'actor' order by h.reservation_id), '[]')
            from inventory.inventory_reservations as h
            -- Both: the index knows users' holds only, and no plan for any user sees that one is.
            where h.owner = 'user:' || p_user_id and h.owner like 'user:%'
        )
    ) || cart.user_data(p_user_id) || orders.user_data(p_user_id) || payment.user_data(p_user_id)
    into v_data;
    return v_data;
end;
$function$;

comment on function account.export_user(bigint) is
'Everything that is held about a user, as one object: user, addresses, credentials (without the
secret), reviews, reservations, carts with their items, cart metrics, orders with all that belongs
to them, payment methods (without tokens), and payments with their refunds and disputes; of an
anonymized user what is left. Who of the staff wrote a row is not in it. Errors: USER_NOT_FOUND.
Replica: yes.';
grant execute on function account.export_user(bigint) to account_service;
