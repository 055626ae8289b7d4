-- All that has happened to an order, in one statement. What is for colleagues only (internal
-- notes, who acted, disputes, fees, what a provider said of a failure) is left out for the
-- customer.
create or replace function orders.timeline(p_order_id bigint, p_is_staff boolean)
returns table (happened_at timestamptz, kind text, what text, detail jsonb)
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select
    e.happened_at,
    e.kind,
    e.what,
    jsonb_strip_nulls(e.detail || case when p_is_staff then e.staff_detail else '{}' end)
from (
    select
        h.created_at as happened_at, 'status' as kind, h.to_status as what, 1 as position,
        h.seq::bigint as number, true as is_public,
        jsonb_build_object('seq', h.seq, 'from', h.from_status) as detail,
        jsonb_build_object('reason', h.reason, 'actor', h.actor) as staff_detail
    from orders.order_status_history as h
    where h.order_id = p_order_id
    union all
    select
        n.created_at, 'note', n.visibility, 9, n.note_no, n.visibility = 'customer',
        jsonb_build_object('note_no', n.note_no, 'body', n.body),
        jsonb_build_object('actor', n.author)
    from orders.order_notes as n
    where n.order_id = p_order_id
    union all
    select
        t.happened_at, 'fulfillment', t.what, 2, f.fulfillment_no,
        t.what not in ('packed', 'cancelled'),
        jsonb_build_object(
            'fulfillment_no', f.fulfillment_no, 'carrier', f.carrier, 'tracking', f.tracking,
            'items', (
                select jsonb_agg(
                    jsonb_build_object('line_no', i.line_no, 'quantity', i.quantity)
                    order by i.line_no
                )
                from orders.fulfillment_items as i
                where i.order_id = f.order_id and i.fulfillment_no = f.fulfillment_no
            )
        ),
        jsonb_build_object('location', f.location)
    from orders.order_fulfillment as f
    cross join lateral (
        values
        (f.packed_at, 'packed'), (f.shipped_at, 'shipped'), (f.in_transit_at, 'in_transit'),
        (f.delivered_at, 'delivered'), (f.failed_at, 'failed'), (f.returned_at, 'returned'),
        (f.cancelled_at, 'cancelled')
    ) as t (happened_at, what)
    where f.order_id = p_order_id and t.happened_at is not null
    union all
    select
        t.happened_at, 'return', t.what, 3, r.return_no, true,
        jsonb_build_object(
            'return_no', r.return_no, 'reason', r.reason, 'comment', r.comment,
            'items', (
                select jsonb_agg(
                    jsonb_build_object('line_no', i.line_no, 'quantity', i.quantity)
                    order by i.line_no
                )
                from orders.return_items as i
                where i.order_id = r.order_id and i.return_no = r.return_no
            )
        ),
        case when t.what in ('approved', 'rejected')
            then jsonb_build_object('actor', r.decided_by, 'reason', r.decision_reason)
            else '{}'
        end
    from orders.order_returns as r
    cross join lateral (
        values
        (r.requested_at, 'requested'),
        (
            r.decided_at,
            case when r.status = 'rejected' then 'rejected' else 'approved' end
        ),
        (r.received_at, 'received'), (r.closed_at, 'closed')
    ) as t (happened_at, what)
    where r.order_id = p_order_id and t.happened_at is not null
    union all
    select
        c.created_at, 'credit', case when c.line_no is null then 'shipping' else 'line' end, 4,
        c.credit_no, true,
        jsonb_build_object(
            'credit_no', c.credit_no, 'line_no', c.line_no, 'quantity', c.quantity,
            'amount', c.amount
        ),
        jsonb_build_object('reason', c.reason, 'actor', c.actor)
    from orders.order_credits as c
    where c.order_id = p_order_id
    union all
    select
        t.happened_at, 'payment', p.kind || ' ' || t.what, 5, p.transaction_id,
        p.kind in ('authorize', 'capture', 'void', 'expiry') and t.what <> 'begun',
        jsonb_build_object('amount', p.amount, 'provider', p.provider),
        jsonb_build_object(
            'transaction', p.public_id, 'provider_ref', p.provider_ref,
            'error_code', p.error_code, 'error_reason', p.error_reason, 'actor', p.actor
        )
    from payment.payment_transactions as p
    cross join lateral (
        values
        (case when p.completed_at is distinct from p.created_at then p.created_at end, 'begun'),
        (p.completed_at, p.status)
    ) as t (happened_at, what)
    where p.order_id = p_order_id and t.happened_at is not null
    union all
    select
        t.happened_at, 'refund', t.what, 6, r.refund_id, true,
        jsonb_build_object('refund', r.public_id, 'amount', r.amount),
        jsonb_build_object('reason', r.reason_code, 'note', r.note)
    from payment.refunds as r
    cross join lateral (
        values (r.requested_at, 'requested'), (r.closed_at, r.status)
    ) as t (happened_at, what)
    where r.order_id = p_order_id and t.happened_at is not null
    union all
    select
        t.happened_at, 'dispute', t.what, 7, d.dispute_id, false,
        jsonb_build_object('dispute', d.public_id, 'amount', d.amount, 'reason', d.reason_code),
        '{}'
    from payment.payment_disputes as d
    cross join lateral (
        values
        (d.opened_at, 'opened'), (d.submitted_at, 'evidence submitted'), (d.closed_at, d.status)
    ) as t (happened_at, what)
    where d.order_id = p_order_id and t.happened_at is not null
) as e
where e.is_public or p_is_staff
order by e.happened_at, e.position, e.number;
$function$;

comment on function orders.timeline(bigint, boolean) is
'What has happened to an order in order of time, as its customer or as colleagues may see it.';
