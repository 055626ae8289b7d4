-- Write an order that breaks no rule: head, contact, lines and history in one statement, which
-- begins again with another number where the number is taken; its discounts and taxes; its event.
create or replace function orders.write_order(
    p_draft orders.draft, p_source text, p_cart_id bigint, p_details jsonb
)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $function$
declare
    v_order orders.orders;
    v_now constant timestamptz := clock_timestamp();
    v_actor constant text := core.actor();
    v_request_id constant text := core.request_id();
begin
    loop
        with head as (
            insert into orders.orders (
                order_number, cart_id, user_id, guest_owner, source, currency, exponent,
                prices_include_tax, line_count, unit_count, subtotal, discount_total, tax_total,
                shipping_method, shipping_total, shipping_discount, shipping_tax_rate,
                shipping_tax, total_min, total_max, lines_max, units_max, pending_slot,
                pending_slots_max, expires_at, placed_at, updated_at, created_by, updated_by,
                request_id
            )
            values (
                orders.draw_order_number(), p_cart_id, p_draft.user_id,
                orders.guest_owner(p_draft.owner), p_source, p_draft.currency, p_draft.exponent,
                p_draft.prices_include_tax, cardinality(p_draft.lines), p_draft.unit_count,
                p_draft.subtotal, p_draft.discount_total, p_draft.tax_total,
                p_draft.shipping_method, p_draft.shipping_total, p_draft.shipping_discount,
                p_draft.shipping_tax_rate, p_draft.shipping_tax, p_draft.total_min,
                p_draft.total_max, p_draft.lines_max, p_draft.units_max, p_draft.pending_slot,
                p_draft.pending_slots_max, v_now + p_draft.lasts, v_now, v_now, v_actor, v_actor,
                v_request_id
            )
            on conflict (order_number) do nothing
            returning *
        ),
        contacts as (
            insert into orders.order_contacts (
                order_id, email, phone, shipping_address, billing_address
            )
            select
                h.order_id, p_details ->> 'email', p_details ->> 'phone',
                p_details -> 'shipping_address', p_details -> 'billing_address'
            from head as h
        ),
        lines as (
            insert into orders.order_items (
                order_id, line_no, variant_id, sku, name, options, currency, exponent,
                prices_include_tax, quantity, list_price, unit_price, price_list, price_reason,
                line_subtotal, line_discount, line_tax, adjustment_count, line_count,
                units_before, subtotal_before, discount_before, tax_before,
                units_after, subtotal_after, discount_after, tax_after
            )
            select
                h.order_id, l.line_no, l.variant_id, l.sku, l.name, l.options, h.currency,
                h.exponent, h.prices_include_tax, l.quantity, l.list_price, l.unit_price,
                l.price_list, l.price_reason, l.line_subtotal, l.line_discount, l.line_tax,
                l.adjustment_count, h.line_count,
                sum(l.quantity) over w - l.quantity,
                sum(l.line_subtotal) over w - l.line_subtotal,
                sum(l.line_discount) over w - l.line_discount,
                sum(l.line_tax) over w - l.line_tax,
                sum(l.quantity) over w, sum(l.line_subtotal) over w,
                sum(l.line_discount) over w, sum(l.line_tax) over w
            from head as h
            cross join unnest(p_draft.lines) as l
            window w as (order by l.line_no rows unbounded preceding)
        ),
        history as (
            insert into orders.order_status_history (
                order_id, seq, to_status, actor, request_id, created_at
            )
            select h.order_id, 1, h.status, v_actor, v_request_id, v_now
            from head as h
        )
        select h.* into v_order from head as h;
        exit when found;
    end loop;

    if cardinality(p_draft.adjustments) > 0 then
        insert into orders.order_adjustments (
            order_id, line_no, adjustment_no, kind, code, label, rate, amount, adjustment_count,
            exponent, prices_include_tax, line_subtotal, rate_total, discount_before, tax_before,
            discount_after, tax_after
        )
        select
            v_order.order_id, a.line_no, a.adjustment_no, a.kind, a.code, a.label, a.rate, a.amount,
            a.adjustment_count, v_order.exponent, v_order.prices_include_tax, a.line_subtotal,
            a.rate_total,
            a.discount_after - case a.kind when 'discount' then a.amount else 0 end,
            a.tax_after - case a.kind when 'tax' then a.amount else 0 end,
            a.discount_after, a.tax_after
        from unnest(p_draft.adjustments) as a;
    end if;
    perform events.emit_all(
        '{order.placed}', '{order}', array[v_order.order_id], '{1}',
        array[jsonb_build_object(
            'order_id', v_order.order_id, 'order_number', v_order.order_number,
            'version', v_order.version, 'status', v_order.status, 'source', v_order.source,
            'user_id', v_order.user_id, 'currency', v_order.currency, 'total', v_order.total,
            'expires_at', v_order.expires_at,
            'lines', (
                select jsonb_agg(jsonb_build_object(
                    'line', l.line_no, 'variant_id', l.variant_id, 'sku', l.sku,
                    'quantity', l.quantity, 'unit_price', l.unit_price
                ) order by l.line_no)
                from unnest(p_draft.lines) as l
            )
        )]
    );
    return v_order;
end;
$function$;

comment on function orders.write_order(orders.draft, text, bigint, jsonb) is
'Writes an order from what orders.draft_order found; returns its head.';
