-- Reserve where the fast path of inventory.reserve_inventory does not: find what is wrong and
-- refuse it, or take the stock under locks.
--
-- A repetition gets its answer, even if the same request would be refused by now: the key is looked
-- up before every refusal that depends on what the shop holds, after the look at the shop.
create or replace function inventory.reserve_carefully(
    p_items jsonb,
    p_owner text,
    p_location text,
    p_scope text,
    p_key text,
    p_request jsonb
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_limits record;
    v_location_id bigint;
    v_variant_ids bigint[];
    v_quantities bigint[];
    v_unknown jsonb;
    v_inactive jsonb;
    v_shortages jsonb;
    v_response jsonb;
    v_now timestamptz;
    v_expires_at timestamptz;
begin
    select l.is_well_formed, l.user_id, l.user_status, l.rules, l.items, l.lasts, l.slots
    into v_limits
    from inventory.reservation_limits(p_owner) as l;
    if v_limits.is_well_formed is not true then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_owner',
            'expected', 'user:<number>, order:<number> or session:<1 to 200 characters>'
        ));
    elsif v_limits.user_id is not null and v_limits.user_status is null then
        perform core.refuse('SHA03', jsonb_build_object('user_id', v_limits.user_id));
    elsif v_limits.user_status <> 'active' then
        perform core.refuse('SHA04', jsonb_build_object(
            'user_id', v_limits.user_id, 'status', v_limits.user_status
        ));
    elsif v_limits.rules < 3 then
        -- A rule that is off is no limit; one that is missing is a mistake.
        perform core.refuse('SHC03', '{"names": ["reservation_items_max", "cart_holds_max"]}');
    end if;
    perform core.check_items(p_items, '{"sku": "text", "quantity": "positive"}', null);
    if p_location is not null then
        v_location_id := inventory.find_location(p_location);
    end if;

    -- In lock order, and lines of one variant as one.
    select
        array_agg(l.variant_id order by l.variant_id) filter (where l.variant_id is not null),
        array_agg(l.quantity order by l.variant_id) filter (where l.variant_id is not null),
        jsonb_agg(l.sku order by l.line) filter (where l.variant_id is null),
        jsonb_agg(l.sku order by l.line) filter (where not l.is_active)
    into v_variant_ids, v_quantities, v_unknown, v_inactive
    from (
        select
            e.item ->> 'sku' as sku, v.variant_id, v.is_active, min(e.line) as line,
            sum((e.item -> 'quantity')::bigint)::bigint as quantity
        from jsonb_array_elements(p_items) with ordinality as e (item, line)
        left join lateral (
            select w.variant_id, w.is_active and p.status = 'active' as is_active
            from product.variants as w
            inner join product.products as p on p.product_id = w.product_id
            where w.sku = e.item ->> 'sku'
            limit 1
        ) as v on true
        group by 1, 2, 3
    ) as l;

    if v_unknown is null and v_inactive is null then
        v_shortages := inventory.find_shortages(v_variant_ids, v_quantities, v_location_id);
    end if;
    if v_unknown is not null or v_inactive is not null or v_shortages is not null
    or jsonb_array_length(p_items) > v_limits.items then
        v_response := core.stored_response(p_scope, p_key, p_request);
        if v_response is not null then
            return v_response;
        end if;
        perform core.check_item_count(p_items, v_limits.items);
        if v_unknown is not null then
            perform core.refuse('SHP01', jsonb_build_object('skus', v_unknown));
        elsif v_inactive is not null then
            perform core.refuse('SHP02', jsonb_build_object('skus', v_inactive));
        end if;
        perform core.refuse('SHI01', jsonb_build_object('shortages', v_shortages));
    end if;

    v_response := core.claim_key(p_scope, p_key, p_request);
    if v_response is not null then
        return v_response;
    end if;
    -- Orders themselves, which give no scope, reserve again for one that has expired.
    if p_owner like 'order:%' and p_scope is not null then
        perform inventory.check_order_need(p_owner, v_variant_ids, v_quantities);
    end if;
    v_expires_at := clock_timestamp() + v_limits.lasts;
    for v_attempt in 1..5 loop
        begin
            select jsonb_agg(jsonb_build_object(
                'reservation', s.variant_id || '-' || s.reservation_id, 'sku', s.sku,
                'location', s.location, 'quantity', s.quantity, 'expires_at', v_expires_at
            ))
            into v_response
            from inventory.reserve_slowly(
                p_owner, v_variant_ids, v_quantities, v_location_id, v_limits.slots, v_expires_at
            ) as s;
            exit;
        exception
            when sqlstate 'SHI01' then
                if v_attempt = 5 then
                    raise;
                end if;
                -- What the plain read counted may be in overdue holds that others were closing:
                -- wait for those, in order and with no stock locked, and look again. The locks
                -- are given back at once: kept ones would be out of order with the holds that
                -- come due until the next attempt, and others would skip these holds.
                v_now := clock_timestamp();
                begin
                    perform
                    from inventory.inventory_reservations as r
                    where r.variant_id = any (v_variant_ids) and r.status = 'active'
                    and r.expires_at <= v_now
                    order by r.reservation_id
                    for no key update;
                    raise no_data_found;
                exception
                    when no_data_found then
                        null;
                end;
        end;
        v_shortages := inventory.find_shortages(v_variant_ids, v_quantities, v_location_id);
        if v_shortages is not null then
            perform core.refuse('SHI01', jsonb_build_object('shortages', v_shortages));
        end if;
    end loop;
    perform core.store_response(p_scope, p_key, v_response);
    return v_response;
end;
$function$;

comment on function inventory.reserve_carefully(jsonb, text, text, text, text, jsonb) is
'Checks the arguments of inventory.reserve_inventory, then reserves under locks; returns the answer,
or the stored one. Errors: those of inventory.reserve_inventory.';
