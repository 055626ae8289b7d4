-- What the ways to place an order share. The caller has claimed the key and locked user and cart.
--
-- Everything is written before the first stock lock: the order, its history and its events, the end
-- of the cart, the answer for repetitions. Then the stock: at once where the draft saw it lie
-- ready; otherwise the holds of the owner become the order's, which touches no stock, and only what
-- is missing is reserved.
create or replace function orders.place(
    p_scope text,
    p_key text,
    p_owner text,
    p_user account.users,
    p_cart cart.carts,
    p_currency text,
    p_items jsonb,
    p_details jsonb,
    p_source text
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
-- As in inventory.reserve_inventory.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $function$
declare
    v_draft orders.draft;
    v_order orders.orders;
    v_response jsonb;
    v_missing jsonb;
    v_owner text;
begin
    v_draft := orders.draft_order(
        p_owner, p_user, p_currency, p_items, p_details
    );
    if v_draft.pending_slots_max is not null and v_draft.pending_slot is null
    and orders.free_pending_slots(p_user.user_id) then
        v_draft := orders.draft_order(
            p_owner, p_user, p_currency, p_items, p_details
        );
    end if;
    if not v_draft.is_plain then
        perform orders.refuse_draft(v_draft);
    end if;

    v_order := orders.write_order(
        v_draft, p_source, (p_cart).cart_id,
        case when p_user.user_id is not null
            then jsonb_build_object('email', p_user.email) || coalesce(p_details, '{}')
            else p_details
        end
    );
    v_owner := 'order:' || v_order.order_id;
    if p_source = 'cart' then
        perform cart.close_cart(p_cart, 'converted', null);
    end if;
    v_response := jsonb_build_object(
        'order_id', v_order.order_id, 'order_number', v_order.order_number,
        'status', v_order.status, 'currency', v_order.currency, 'total', v_order.total,
        'expires_at', v_order.expires_at, 'version', v_order.version
    );
    if p_key is not null then
        perform core.store_response(p_scope, p_key, v_response);
    end if;

    if v_draft.stock is not null then
        begin
            perform inventory.take_holds(
                v_owner, array(
                    select row(
                        s.variant_id, s.sku, s.quantity, s.location_id, s.location, s.bucket,
                        nextval('inventory.inventory_reservations_reservation_id_seq'), null
                    )::inventory.reservation_line
                    from unnest(v_draft.stock) as s
                    order by s.variant_id
                ), null, v_order.placed_at, v_order.expires_at
            );
            return v_response;
        exception
            when no_data_found then
                -- Another buyer was first at a bucket.
                null;
        end;
    end if;

    -- The lines of a variant as one; less what the owner's holds cover.
    v_missing := (
        select jsonb_agg(to_jsonb(d))
        from (
            select l.variant_id, l.sku, sum(l.quantity) as quantity
            from unnest(v_draft.lines) as l
            group by l.variant_id, l.sku
        ) as d
    );
    if v_draft.has_holds then
        v_missing := inventory.assign_holds(p_owner, v_owner, v_order.expires_at, v_missing);
    end if;
    if v_missing is not null then
        perform inventory.reserve_inventory((
            select jsonb_agg(m.item - 'variant_id') from jsonb_array_elements(v_missing) as m (item)
        ), v_owner);
    end if;
    return v_response;
end;
$function$;

comment on function orders.place(
    text, text, text, account.users, cart.carts, text, jsonb, jsonb, text
) is
'Places an order of items: cart, items or agreed; returns the answer of the call, which it stores
under the key. Errors: those of orders.place_order.';
