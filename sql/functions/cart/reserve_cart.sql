-- At checkout: hold what is in a cart for a few minutes.
--
-- What the owner holds already is kept for longer, and only what is missing is reserved, so that
-- nobody else gets in between. Holds come before stock: extending touches no stock, and reserving
-- is the last thing that is done.
create or replace function cart.reserve_cart(
    p_owner text,
    p_expected_version bigint default null,
    p_idempotency_key text default null
)
returns table (
    reservation text, sku text, location text, quantity integer, expires_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('cart.reserve_cart/', p_owner);
    v_user_id constant bigint := (cart.find_owner(p_owner)).user_id;
    v_response jsonb;
    v_cart cart.carts;
    v_problems jsonb;
    v_variant_ids bigint[];
    v_holds inventory.inventory_reservations[];
    v_missing jsonb;
    v_reserved jsonb;
begin
    v_response := core.claim_key(
        v_scope, p_idempotency_key, jsonb_build_object('expected_version', p_expected_version)
    );
    if v_response is null then
        perform cart.check_user(v_user_id);
        v_cart := cart.lock_cart(p_owner, p_expected_version);
        select jsonb_agg(
            jsonb_build_object('sku', p.sku, 'problem', p.problem) || p.detail
        )
        into v_problems
        from cart.find_problems(v_cart) as p;
        if v_problems is not null then
            perform core.refuse('SHK06', jsonb_build_object('problems', v_problems));
        end if;
        v_variant_ids := array(
            select i.variant_id from cart.cart_items as i where i.cart_id = v_cart.cart_id
        );
        perform cart.record_change(v_cart, 'reserve', '[]');
        v_holds := inventory.extend_holds(p_owner, v_variant_ids);

        select jsonb_agg(jsonb_build_object(
            'sku', v.sku, 'quantity', i.quantity - coalesce(h.quantity, 0)
        ) order by i.variant_id)
        into v_missing
        from cart.cart_items as i
        inner join product.variants as v on v.variant_id = i.variant_id
        left join (
            select u.variant_id, sum(u.open_quantity) as quantity
            from unnest(v_holds) as u
            group by u.variant_id
        ) as h on h.variant_id = i.variant_id
        where i.cart_id = v_cart.cart_id and i.quantity > coalesce(h.quantity, 0);
        if v_missing is not null then
            select jsonb_agg(to_jsonb(r)) into v_reserved
            from inventory.reserve_inventory(v_missing, p_owner) as r;
        end if;

        select coalesce(jsonb_agg(jsonb_build_object(
            'reservation', h.variant_id || '-' || h.reservation_id, 'sku', v.sku,
            'location', k.code, 'quantity', h.open_quantity, 'expires_at', h.expires_at
        ) order by h.variant_id, h.reservation_id), '[]') || coalesce(v_reserved, '[]')
        into v_response
        from unnest(v_holds) as h
        inner join product.variants as v on v.variant_id = h.variant_id
        inner join inventory.locations as k on k.location_id = h.location_id;
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        reservation text, sku text, location text, quantity integer, expires_at timestamptz
    )
    order by r.sku, r.reservation;
end;
$function$;

comment on function cart.reserve_cart(text, bigint, text) is
'Holds the stock of a whole cart for cart_hold_minutes, against the version that the customer saw,
if one is given: holds of the owner are kept for that long again, and what is missing is reserved.
Returns all of them as inventory.reserve_inventory does. Editing the cart releases what it no
longer needs. Errors: CART_INVALID (with everything that cart.validate_cart tells),
INSUFFICIENT_STOCK (somebody was faster), PRODUCT_NOT_ACTIVE, RESERVATION_LIMIT_REACHED,
CART_NOT_FOUND, CART_BUSY, CONCURRENT_MODIFICATION, USER_NOT_FOUND, USER_NOT_ACTIVE,
RULE_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function cart.reserve_cart(text, bigint, text) to cart_service;
