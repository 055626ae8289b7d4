-- Take everything out of a cart.
create or replace function cart.clear_cart(
    p_owner text,
    p_expected_version bigint default null,
    p_idempotency_key text default null
)
returns table (cart_id uuid, version bigint, lines integer, units bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('cart.clear_cart/', p_owner);
    v_response jsonb;
    v_cart cart.carts;
    v_gone record;
    v_version bigint;
begin
    perform cart.find_owner(p_owner);
    v_response := core.claim_key(
        v_scope, p_idempotency_key, jsonb_build_object('expected_version', p_expected_version)
    );
    if v_response is null then
        v_cart := cart.lock_cart(p_owner, p_expected_version);
        with gone as (
            delete from cart.cart_items as i
            where i.cart_id = v_cart.cart_id
            returning i.variant_id, i.quantity
        )
        select
            count(*) as lines,
            coalesce(sum(g.quantity), 0) as units,
            array_agg(g.variant_id order by g.variant_id) as variant_ids,
            jsonb_agg(jsonb_build_object(
                'variant_id', g.variant_id, 'sku', v.sku, 'quantity', 0
            ) order by g.variant_id) as items
        into v_gone
        from gone as g
        inner join product.variants as v on v.variant_id = g.variant_id;
        v_version := v_cart.version;
        -- An empty cart stays as it is.
        if v_gone.lines > 0 then
            v_version := cart.record_change(v_cart, 'clear', v_gone.items);
            insert into cart.cart_activities (owner, currency, kind)
            select cart.metric_owner(v_cart), v_cart.currency, 'removal'
            from unnest(v_gone.variant_ids);
        end if;
        v_response := jsonb_build_object(
            'cart_id', v_cart.public_id, 'version', v_version, 'lines', v_gone.lines,
            'units', v_gone.units
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
        perform inventory.shrink_holds(
            p_owner, v_gone.variant_ids, array_fill(0, array[v_gone.lines::integer])
        )
        where v_gone.lines > 0;
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        cart_id uuid, version bigint, lines integer, units bigint
    );
end;
$function$;

comment on function cart.clear_cart(text, bigint, text) is
'Takes all lines out of a cart, against the version that the customer saw, if one is given; returns
how many lines and units there were. Holds of the owner for them are released. Errors:
CART_NOT_FOUND, CART_BUSY, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function cart.clear_cart(text, bigint, text) to cart_service;
