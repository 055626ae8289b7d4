-- Apply what cart.validate_cart tells: lower quantities, take out lines, accept prices.
create or replace function cart.repair_cart(
    p_owner text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (
    sku text, quantity_before integer, quantity integer, price_before numeric, price numeric,
    version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('cart.repair_cart/', p_owner);
    v_response jsonb;
    v_cart cart.carts;
    v_before cart.cart_items[];
    v_variant_ids bigint[];
    v_quantities integer[];
    v_items jsonb;
begin
    perform cart.find_owner(p_owner);
    v_response := core.claim_key(
        v_scope, p_idempotency_key, jsonb_build_object('expected_version', p_expected_version)
    );
    if v_response is null then
        v_cart := cart.lock_cart(p_owner, p_expected_version);
        if p_expected_version is null then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_expected_version',
                'expected', 'the version whose problems the customer saw'
            ));
        end if;
        v_before := array(
            select i from cart.cart_items as i where i.cart_id = v_cart.cart_id
        );
        select array_agg(l.variant_id order by l.variant_id),
            array_agg(l.repaired_quantity order by l.variant_id)
        into v_variant_ids, v_quantities
        from cart.cart_lines(v_cart) as l
        where l.problems <> '[]';

        delete from cart.cart_items as i
        using unnest(v_variant_ids, v_quantities) as l (variant_id, quantity)
        where i.cart_id = v_cart.cart_id and i.variant_id = l.variant_id and l.quantity = 0;
        update cart.cart_items as i
        set quantity = l.quantity, updated_at = clock_timestamp(), updated_by = core.actor()
        from unnest(v_variant_ids, v_quantities) as l (variant_id, quantity)
        where i.cart_id = v_cart.cart_id and i.variant_id = l.variant_id
        and i.quantity <> l.quantity;
        -- After the quantities: fewer units may cost more each.
        perform cart.see_prices(v_cart, v_variant_ids);

        select
            jsonb_agg(jsonb_build_object(
                'sku', v.sku, 'quantity_before', b.quantity,
                'quantity', coalesce(i.quantity, 0),
                'price_before', b.price_seen, 'price', i.price_seen
            ) order by b.added_at, b.variant_id),
            jsonb_agg(jsonb_build_object(
                'variant_id', b.variant_id, 'sku', v.sku, 'quantity', coalesce(i.quantity, 0)
            ) order by b.variant_id)
        into v_response, v_items
        from unnest(v_before) as b
        inner join product.variants as v on v.variant_id = b.variant_id
        left join cart.cart_items as i
            on i.cart_id = b.cart_id and i.variant_id = b.variant_id
        where b.variant_id = any (v_variant_ids);
        if v_items is not null then
            v_cart.version := cart.record_change(v_cart, 'repair', v_items);
        end if;
        select coalesce(jsonb_agg(
            e.value || jsonb_build_object('version', v_cart.version) order by e.ordinality
        ), '[]')
        into v_response
        from jsonb_array_elements(v_response) with ordinality as e;
        perform core.store_response(v_scope, p_idempotency_key, v_response);
        perform inventory.shrink_holds(p_owner, v_variant_ids, v_quantities)
        where cardinality(v_variant_ids) > 0;
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        sku text, quantity_before integer, quantity integer, price_before numeric, price numeric,
        version bigint
    );
end;
$function$;

comment on function cart.repair_cart(text, bigint, text) is
'Applies what cart.validate_cart tells, against the version that the customer saw: quantities go
down to what can be had, lines that cannot be bought go away, prices in force become the prices
seen. Returns a row a line that changed (quantity 0 is gone) with the new version, none where
nothing was wrong. Errors: CART_NOT_FOUND, CART_BUSY, CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function cart.repair_cart(text, bigint, text) to cart_service;
