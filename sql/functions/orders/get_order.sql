-- An order with everything that its page shows: one call, and as many statements for fifty lines as
-- for one.
create or replace function orders.get_order(p_order_number text, p_owner text default null)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $function$
declare
    v_order constant orders.orders := orders.find_order(p_order_number);
begin
    if p_owner is not null then
        perform orders.check_customer(v_order, p_owner);
    end if;
    return jsonb_build_object(
        'order_number', v_order.order_number,
        'status', v_order.status,
        'payment_status', v_order.payment_status,
        'fulfillment_status', v_order.fulfillment_status,
        'version', v_order.version,
        'currency', v_order.currency,
        'placed_at', v_order.placed_at,
        'expires_at', case when v_order.status = 'pending' then v_order.expires_at end,
        'confirmed_at', v_order.confirmed_at,
        'paid_at', v_order.paid_at,
        'shipped_at', v_order.shipped_at,
        'delivered_at', v_order.delivered_at,
        'completed_at', v_order.completed_at,
        'cancelled_at', v_order.cancelled_at,
        'cancel_reason', v_order.cancel_reason,
        'contact', (
            select to_jsonb(c) - 'order_id'
            from orders.order_contacts as c
            where c.order_id = v_order.order_id
        ),
        'lines', (
            select jsonb_agg(jsonb_build_object(
                'line', i.line_no, 'sku', i.sku, 'name', i.name, 'options', i.options,
                'quantity', i.quantity, 'list_price', i.list_price, 'unit_price', i.unit_price,
                'subtotal', i.line_subtotal, 'discount', i.line_discount, 'tax', i.line_tax,
                'total', i.line_total,
                'cancelled', i.qty_cancelled, 'shipped', i.qty_shipped,
                'delivered', i.qty_delivered, 'return_requested', i.qty_return_requested,
                'returned', i.qty_returned, 'fulfillment_status', i.fulfillment_status,
                'adjustments', case when i.adjustment_count = 0 then '[]' else (
                    select jsonb_agg(jsonb_build_object(
                        'kind', a.kind, 'code', a.code, 'label', a.label, 'rate', a.rate,
                        'amount', a.amount
                    ) order by a.adjustment_no)
                    from orders.order_adjustments as a
                    where a.order_id = i.order_id and a.line_no = i.line_no
                ) end
            ) order by i.line_no)
            from orders.order_items as i
            where i.order_id = v_order.order_id
        ),
        'shipping', jsonb_build_object(
            'method', v_order.shipping_method, 'amount', v_order.shipping_total,
            'discount', v_order.shipping_discount, 'tax_rate', v_order.shipping_tax_rate,
            'tax', v_order.shipping_tax
        ),
        'totals', jsonb_build_object(
            'lines', v_order.line_count, 'units', v_order.unit_count,
            'prices_include_tax', v_order.prices_include_tax, 'subtotal', v_order.subtotal,
            'discount', v_order.discount_total, 'tax', v_order.tax_total + v_order.shipping_tax,
            'shipping', v_order.shipping_total - v_order.shipping_discount,
            'total', v_order.total, 'credit', v_order.credit_total,
            'due', v_order.total - v_order.credit_total
        ),
        'credits', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'line', c.line_no, 'quantity', c.quantity, 'amount', c.amount,
                'reason', c.reason, 'created_at', c.created_at
            ) order by c.credit_no), '[]')
            from orders.order_credits as c
            where c.order_id = v_order.order_id
        ),
        'payments', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'payment', p.public_id, 'provider', p.provider, 'status', p.status,
                'amount', p.amount, 'authorized', p.authorized, 'captured', p.captured,
                'refunded', p.refunded, 'refund_pending', p.refund_pending
            ) order by p.payment_id), '[]')
            from payment.payments as p
            where p.order_id = v_order.order_id
        ),
        'parcels', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'fulfillment_no', f.fulfillment_no, 'status', f.status, 'carrier', f.carrier,
                'tracking', f.tracking, 'shipped_at', f.shipped_at,
                'delivered_at', f.delivered_at,
                'lines', (
                    select jsonb_agg(jsonb_build_object(
                        'line', i.line_no, 'quantity', i.quantity
                    ) order by i.line_no)
                    from orders.fulfillment_items as i
                    where i.order_id = f.order_id and i.fulfillment_no = f.fulfillment_no
                )
            ) order by f.fulfillment_no), '[]')
            from orders.order_fulfillment as f
            where f.order_id = v_order.order_id and f.status not in ('pending', 'cancelled')
        ),
        'returns', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'return_no', r.return_no, 'status', r.status, 'reason', r.reason,
                'requested_at', r.requested_at, 'received_at', r.received_at,
                'lines', (
                    select jsonb_agg(jsonb_build_object(
                        'line', i.line_no, 'quantity', i.quantity
                    ) order by i.line_no)
                    from orders.return_items as i
                    where i.order_id = r.order_id and i.return_no = r.return_no
                )
            ) order by r.return_no), '[]')
            from orders.order_returns as r
            where r.order_id = v_order.order_id
        ),
        'notes', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'body', n.body, 'created_at', n.created_at
            ) order by n.note_no), '[]')
            from orders.order_notes as n
            where n.order_id = v_order.order_id and n.visibility = 'customer'
        )
    );
end;
$function$;

comment on function orders.get_order(text, text) is
'An order as its page shows it: status, times and version; contact and addresses; each line with its
prices, discounts, taxes and what became of its units; sums, and what is due; credits, payments,
parcels, returns, and the notes that the customer may read. With an owner (user:<number> or
session:<text>) it has to be that owner''s; without one, whose it is does not matter. Errors:
ORDER_NOT_FOUND, INVALID_ARGUMENT. Replica: yes.';
grant execute on function orders.get_order(text, text) to orders_service;
