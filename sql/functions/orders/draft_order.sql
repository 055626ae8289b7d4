-- Everything that an order would be, without writing anything: its lines with today's prices, its
-- discounts, taxes and sums, and the limits in force. One statement for all lines, and one more
-- where there are discounts or taxes. The caller has checked the form of items and details.
create or replace function orders.draft_order(
    p_owner text,
    p_user account.users,
    p_currency text,
    p_items jsonb,
    p_details jsonb
)
returns orders.draft
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
-- The plans do not depend on the values, and planning them costs more than all the rest.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $function$
declare
    v_details constant jsonb := coalesce(p_details, '{}');
    v_shipping constant jsonb := coalesce(v_details -> 'shipping', '{}');
    v_found record;
    v_draft orders.draft;
begin
    select
        u.*,
        l.*,
        c.exponent,
        case when p_user.user_id is not null then (
            select g.slot
            from generate_series(1, u.pending_max::integer) as g (slot)
            where not exists (
                select
                from orders.orders as o
                where o.user_id = p_user.user_id and o.pending_slot = g.slot
                and o.status = 'pending'
            )
            limit 1
        ) end as slot
    into v_found
    from (
        select
            max(b.value) filter (where b.name = 'order_total_min') as total_min,
            max(b.value) filter (where b.name = 'order_total_max') as total_max,
            max(b.value) filter (where b.name = 'order_lines_max') as lines_max,
            max(b.value) filter (where b.name = 'order_units_max') as units_max,
            max(b.value) filter (where b.name = 'pending_order_minutes') as minutes,
            max(b.value) filter (where b.name = 'pending_orders_max') as pending_max,
            max(b.value) filter (where b.name = 'cart_user_units_max') as user_max,
            max(b.value) filter (where b.name = 'price_max') as price_max,
            max(b.value) filter (where b.name = 'reservation_items_max') as holds_max,
            count(*) as rules
        from (
            select distinct on (w.name)
                w.name, case when w.is_enabled then w.value end as value
            from core.business_rules as w
            where w.name in (
                'order_total_min', 'order_total_max', 'order_lines_max', 'order_units_max',
                'pending_order_minutes', 'pending_orders_max', 'cart_user_units_max', 'price_max',
                'reservation_items_max'
            )
            and (w.currency = p_currency or w.currency is null)
            order by w.name, w.currency
        ) as b
    ) as u
    left join core.currencies as c on c.code = p_currency
    cross join lateral (
        select
            array_agg(row(
                e.line_no, e.variant_id, e.sku, e.name, e.options, e.is_active, e.quantity,
                e.expected_price, f.base_price, w.unit_price,
                case when e.agreed_price is null then f.price_list end, e.reason,
                round(w.unit_price * e.quantity, c.exponent), 0, 0, 0,
                case when p_user.user_id is not null then t.limit_ - e.units - t.bought end
            )::orders.draft_line order by e.line_no) as lines,
            count(*) as line_count,
            sum(e.quantity) as units,
            sum(round(w.unit_price * e.quantity, c.exponent)) as subtotal,
            bool_or(h.is_held) as has_holds,
            -- Each line as a hold of its own, where that is all that it takes.
            case when bool_and(coalesce(
                s.available >= e.quantity and e.units = e.quantity and not h.is_held, false
            ))
            and count(*) <= coalesce(u.holds_max, count(*)) then array_agg(row(
                e.variant_id, e.sku, e.quantity, s.location_id, s.code, s.bucket, null, null
            )::inventory.reservation_line) end as stock,
            bool_and(coalesce(
                e.is_active and w.unit_price is not null
                and (e.expected_price is null or e.expected_price = w.unit_price)
                and (e.agreed_price is null or u.price_max is null or e.agreed_price <= u.price_max)
                and (t.limit_ is null or t.limit_ >= e.units + t.bought), false
            )) as is_plain
        from (
            select
                j.line_no, v.variant_id, j.sku, v.name, v.options, v.is_active, j.quantity,
                j.expected_price, j.agreed_price, j.reason, random() as draw, v.is_limited,
                v.max_units,
                sum(j.quantity) over (partition by j.sku) as units
            from (
                select
                    i.ordinality::integer as line_no, i.item ->> 'sku' as sku,
                    (i.item ->> 'quantity')::integer as quantity,
                    (i.item ->> 'expected_price')::numeric as expected_price,
                    (i.item ->> 'unit_price')::numeric as agreed_price,
                    case when i.item ? 'unit_price' then i.item ->> 'reason' end as reason
                from jsonb_array_elements(p_items) with ordinality as i (item, ordinality)
                offset 0
            ) as j
            left join lateral (
                select
                    w.variant_id, w.name, w.options,
                    w.is_active and p.status = 'active' as is_active,
                    x.variant_id is not null as is_limited, x.max_units
                from product.variants as w
                inner join product.products as p on p.product_id = w.product_id
                left join cart.variant_limits as x on x.variant_id = w.variant_id
                where w.sku = j.sku
                limit 1
            ) as v on true
        ) as e
        -- The tier is that of all units of a variant, on however many lines they stand.
        left join lateral product.prices_in_force(
            array[e.variant_id], array[least(e.units, 2147483647)::integer], p_currency,
            p_user.customer_group
        ) as f on true
        cross join lateral (
            select coalesce(e.agreed_price, f.price) as unit_price
        ) as w
        cross join lateral (
            select
                m.limit_,
                case when m.limit_ is not null then orders.units_bought(
                    p_user.user_id, e.variant_id
                ) end as bought
            from (
                select case
                    when p_user.user_id is null then null
                    when e.is_limited then e.max_units
                    else u.user_max
                end as limit_
            ) as m
            offset 0
        ) as t
        cross join lateral (
            select exists (
                select
                from inventory.inventory_reservations as r
                where r.variant_id = e.variant_id and r.owner = p_owner and r.open_quantity > 0
                and r.status = 'active'
            ) as is_held
        ) as h
        left join lateral inventory.find_bucket(e.variant_id, e.quantity, null, e.draw) as s
            on true
    ) as l;
    if v_found.exponent is null then
        perform core.check_currency(p_currency);
    elsif v_found.rules < 9 then
        -- A rule that is off is no limit; one that is missing is a mistake.
        perform core.refuse('SHC03', jsonb_build_object('names', jsonb_build_array(
            'order_total_min', 'order_total_max', 'order_lines_max', 'order_units_max',
            'pending_order_minutes', 'pending_orders_max', 'cart_user_units_max', 'price_max',
            'reservation_items_max'
        )));
    end if;

    v_draft.owner := p_owner;
    v_draft.user_id := p_user.user_id;
    v_draft.user_status := p_user.status;
    v_draft.currency := p_currency;
    v_draft.exponent := v_found.exponent;
    v_draft.prices_include_tax := coalesce(v_details -> 'prices_include_tax' = 'true', false);
    v_draft.lines := v_found.lines;
    v_draft.unit_count := v_found.units;
    v_draft.subtotal := v_found.subtotal;
    v_draft.discount_total := 0;
    v_draft.tax_total := 0;
    v_draft.total_min := v_found.total_min;
    v_draft.total_max := v_found.total_max;
    v_draft.lines_max := v_found.lines_max;
    v_draft.units_max := v_found.units_max;
    v_draft.price_max := v_found.price_max;
    v_draft.pending_slot := v_found.slot;
    if p_user.user_id is not null then
        v_draft.pending_slots_max := v_found.pending_max;
    end if;
    -- An order without a limit lasts a year: it ends some day, even if everybody forgets it.
    v_draft.lasts := make_interval(mins => coalesce(v_found.minutes, 525600)::integer);
    v_draft.has_holds := v_found.has_holds;
    v_draft.stock := v_found.stock;
    v_draft.shipping_method := v_shipping ->> 'method';
    v_draft.shipping_total := coalesce((v_shipping ->> 'amount')::numeric, 0);
    v_draft.shipping_discount := coalesce((v_shipping ->> 'discount')::numeric, 0);
    v_draft.shipping_tax_rate := coalesce((v_shipping ->> 'tax_rate')::numeric, 0);
    v_draft.expected_total := (v_details ->> 'expected_total')::numeric;
    if v_details ?| '{discounts,taxes}' or jsonb_path_exists(
        p_items, '$[*] ? (exists (@.discounts) || exists (@.taxes))'
    ) then
        v_draft := orders.adjust_draft(v_draft, p_items, v_details);
    end if;
    if v_draft.shipping_discount > v_draft.shipping_total
    or v_draft.shipping_total <> round(v_draft.shipping_total, v_draft.exponent)
    or v_draft.shipping_discount <> round(v_draft.shipping_discount, v_draft.exponent) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_details', 'field', 'shipping', 'expected',
            'amounts in whole units of the currency, and a discount of at most the amount'
        ));
    end if;
    v_draft.shipping_tax := round(
        (v_draft.shipping_total - v_draft.shipping_discount) * v_draft.shipping_tax_rate
        / case when v_draft.prices_include_tax then 1 + v_draft.shipping_tax_rate else 1 end,
        v_draft.exponent
    );
    v_draft.total := v_draft.subtotal - v_draft.discount_total
        + v_draft.shipping_total - v_draft.shipping_discount
        + case when v_draft.prices_include_tax then 0
            else v_draft.tax_total + v_draft.shipping_tax
        end;
    v_draft.is_plain := coalesce(
        v_found.is_plain
        and (p_user.user_id is null or p_user.status = 'active')
        and (v_found.lines_max is null or v_found.line_count <= v_found.lines_max)
        and (v_found.units_max is null or v_found.units <= v_found.units_max)
        and (v_draft.pending_slots_max is null or v_found.slot is not null)
        and (v_found.total_min is null or v_draft.total >= v_found.total_min)
        and v_draft.total <= least(v_found.total_max, 1e15 - 1)
        and (v_draft.expected_total is null or v_draft.expected_total = v_draft.total), false
    );
    return v_draft;
end;
$function$;

comment on function orders.draft_order(
    text, account.users, text, jsonb, jsonb
) is
'What an order of the items would be at this moment. Errors: CURRENCY_NOT_FOUND, RULE_NOT_FOUND,
INVALID_ARGUMENT.';
