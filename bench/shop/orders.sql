-- Orders %(first)s to %(last)s, a twentieth of them in each state of the life of an order and the
-- rest completed, with their payments and with their stock held, shipped or given back. Written in
-- one transaction, at whose end the deferred keys prove every sum.
create temporary table loaded on commit drop as
select
    n as order_id,
    k.status,
    k.rank,
    1 + mod(n, 3) as line_count,
    -- Ten orders a user, however many there are; some of those that are pending are guests'.
    case when k.status = 'pending' and (mod(n, 40) = 0 or n > %(variants)s) then null
        else mod(n / 10 * 7919, %(variants)s / 10) + 1 end as user_id,
    case when k.status = 'pending' then now() - interval '1 minute'
        else now() - interval '1 day' - mod(n * 7919, 500000) * interval '1 minute' end as placed_at,
    -- Every hundredth of the pending ones is overdue.
    case when k.status = 'pending' and mod(n, 2000) > 0 then now() + interval '10 days'
        else now() - interval '1 hour' end as expires_at
from generate_series(%(first)s::bigint, %(last)s::bigint) as n
cross join lateral (
    select case mod(n, 20)
        when 0 then 'pending' when 1 then 'confirmed' when 2 then 'processing' when 3 then 'shipped'
        when 4 then 'delivered' when 5 then 'cancelled' when 6 then 'expired' else 'completed'
    end as status
) as s
cross join lateral (
    select
        s.status,
        array_position(
            array['confirmed', 'processing', 'shipped', 'delivered', 'completed'], s.status
        ) as rank
) as k;

create temporary table loaded_lines on commit drop as
select
    l.*,
    sum(l.quantity) over w as units_after,
    sum(l.line_subtotal) over w as subtotal_after,
    sum(l.line_tax) over w as tax_after
from (
    select
        o.order_id,
        o.status,
        o.rank,
        o.line_count,
        o.placed_at,
        o.expires_at,
        g.line_no::integer as line_no,
        v.variant_id,
        2 as quantity,
        p.price,
        p.price * 2 as line_subtotal,
        round(p.price * 2 * 0.2 / 1.2, 2) as line_tax
    from loaded as o
    cross join lateral generate_series(1, o.line_count) as g (line_no)
    cross join lateral (
        select
            mod(o.order_id * 7919 + g.line_no * 101, %(variants)s / 50) * 50 + g.line_no as variant_id
    ) as v
    cross join lateral (select mod((v.variant_id - 1) / 5, 40) + 5.99 as price) as p
) as l
window w as (partition by l.order_id order by l.line_no);
analyze loaded, loaded_lines;

insert into orders.orders (
    order_id, order_number, user_id, guest_owner, source, status, status_seq, payment_status,
    fulfillment_status, currency, exponent, prices_include_tax, line_count, unit_count, subtotal,
    discount_total, tax_total, total_min, total_max, lines_max, pending_slot, pending_slots_max,
    expires_at, placed_at, confirmed_at, processing_at, shipped_at, delivered_at, completed_at,
    cancelled_at, expired_at, paid_at, credit_count, credit_total, cancel_reason, updated_at,
    created_by, updated_by
)
overriding system value
select
    o.order_id,
    upper(concat_ws(
        '-', substr(md5(o.order_id::text), 1, 4), substr(md5(o.order_id::text), 5, 4),
        lpad(to_hex(o.order_id), 6, '0')
    )),
    o.user_id,
    case when o.user_id is null
        then 'session:' || encode(sha256(('s' || o.order_id)::bytea), 'hex') end,
    'items',
    o.status,
    case o.status when 'pending' then 1 when 'cancelled' then 2 when 'expired' then 2 else o.rank + 1 end,
    case when o.rank is null then 'unpaid' when o.rank = 1 then 'authorized'
        when mod(o.order_id, 200) = 13 then 'disputed' else 'paid' end,
    case when o.rank = 3 then 'shipped' when o.rank > 3 then 'delivered'
        when o.status in ('cancelled', 'expired') then 'cancelled' else 'unfulfilled' end,
    'GBP', 2, true, o.line_count, l.units_after, l.subtotal_after, 0, l.tax_after,
    10, 10000, 50,
    case when o.status = 'pending' and o.user_id is not null then 1 end,
    case when o.user_id is not null then 5 end,
    o.expires_at, o.placed_at,
    case when o.rank >= 1 then o.placed_at + interval '1 minute' end,
    case when o.rank >= 2 then o.placed_at + interval '2 minutes' end,
    case when o.rank >= 3 then o.placed_at + interval '3 minutes' end,
    case when o.rank >= 4 then o.placed_at + interval '4 minutes' end,
    case when o.rank >= 5 then o.placed_at + interval '5 minutes' end,
    case when o.status = 'cancelled' then o.placed_at + interval '1 minute' end,
    case when o.status = 'expired' then o.placed_at + interval '1 minute' end,
    case when o.rank >= 2 then o.placed_at + interval '1 minute' end,
    0, 0,
    case when o.status = 'cancelled' then 'Changed their mind' end,
    o.placed_at, 'bench', 'bench'
from loaded as o
inner join loaded_lines as l on l.order_id = o.order_id and l.line_no = o.line_count;

insert into orders.order_contacts (order_id, email, shipping_address)
select
    o.order_id, 'u' || coalesce(o.user_id, 0) || '@example.com',
    '{"recipient": "User", "line1": "1 High Street", "city": "London", "country": "GB"}'
from loaded as o;

insert into orders.order_items (
    order_id, line_no, variant_id, sku, name, options, currency, exponent, prices_include_tax,
    quantity, list_price, unit_price, price_list, line_subtotal, line_tax, adjustment_count,
    line_count, units_before, subtotal_before, discount_before, tax_before, units_after,
    subtotal_after, discount_after, tax_after, qty_cancelled, qty_shipped, qty_delivered
)
select
    l.order_id, l.line_no, l.variant_id, 'S' || l.variant_id, 'Product', '{"Size": "1"}', 'GBP', 2,
    true, l.quantity, l.price, l.price, 'base', l.line_subtotal, l.line_tax, 1, l.line_count,
    l.units_after - l.quantity, l.subtotal_after - l.line_subtotal, 0, l.tax_after - l.line_tax,
    l.units_after, l.subtotal_after, 0, l.tax_after,
    case when l.status in ('cancelled', 'expired') then l.quantity else 0 end,
    case when l.rank >= 3 then l.quantity else 0 end,
    case when l.rank >= 4 then l.quantity else 0 end
from loaded_lines as l;

insert into orders.order_adjustments (
    order_id, line_no, adjustment_no, kind, code, label, rate, amount, adjustment_count, exponent,
    prices_include_tax, line_subtotal, rate_total, discount_before, tax_before, discount_after,
    tax_after
)
select
    l.order_id, l.line_no, 1, 'tax', 'VAT', 'VAT', 0.2, l.line_tax, 1, 2, true, l.line_subtotal, 0.2,
    0, 0, 0, l.line_tax
from loaded_lines as l;

insert into orders.order_status_history (
    order_id, seq, from_status, to_status, actor, created_at
)
select
    o.order_id, h.seq, h.from_status, h.to_status, 'bench',
    o.placed_at + (h.seq - 1) * interval '1 minute'
from loaded as o
cross join lateral (
    select 1 as seq, null as from_status, 'pending' as to_status
    union all
    select 2, 'pending', o.status where o.status in ('cancelled', 'expired')
    union all
    select s.seq + 1, s.path[s.seq], s.path[s.seq + 1]
    from (
        select
            g as seq,
            array['pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed'] as path
        from generate_series(1, o.rank) as g
    ) as s
) as h;

insert into orders.order_notes (order_id, note_no, visibility, body, author)
select o.order_id, 1, 'internal', 'Loaded', 'bench' from loaded as o where mod(o.order_id, 5) = 0;
insert into orders.order_fulfillment (
    order_id, fulfillment_no, status, location, carrier, tracking, created_at, packed_at, shipped_at,
    delivered_at, updated_at, updated_by
)
select
    o.order_id, 1, case when o.rank >= 4 then 'delivered' else 'shipped' end, 'MAIN', 'Post',
    'T' || o.order_id, o.placed_at, o.placed_at, o.placed_at + interval '3 minutes',
    case when o.rank >= 4 then o.placed_at + interval '4 minutes' end, o.placed_at, 'bench'
from loaded as o
where o.rank >= 3;
insert into orders.fulfillment_items (order_id, fulfillment_no, line_no, quantity)
select l.order_id, 1, l.line_no, l.quantity from loaded_lines as l where l.rank >= 3;
-- A tenth of what was completed has come back, was looked at and refused.
insert into orders.order_returns (
    order_id, return_no, status, reason, requested_by, decided_at, decided_by, closed_at,
    requested_at, updated_by
)
select
    o.order_id, 1, 'closed', 'Too late', 'bench', now(), 'bench', now(), o.placed_at, 'bench'
from loaded as o
where o.rank = 5 and mod(o.order_id, 10) = 7;
insert into orders.return_items (order_id, return_no, line_no, quantity)
select l.order_id, 1, l.line_no, l.quantity
from loaded_lines as l
where l.rank = 5 and mod(l.order_id, 10) = 7;

-- The stock: what is held, what waits to be sent, and what has left with its movement.
create temporary table loaded_holds on commit drop as
select
    l.order_id,
    l.variant_id,
    l.quantity,
    l.placed_at,
    l.expires_at,
    case when l.status = 'pending' then 'active' else 'consumed' end as status,
    coalesce(l.rank >= 3, false) as is_shipped,
    row_number() over (
        partition by l.variant_id, coalesce(l.rank >= 3, false) order by l.order_id, l.line_no
    ) as place,
    nextval('inventory.inventory_reservations_reservation_id_seq') as reservation_id
from loaded_lines as l
where l.status = 'pending' or l.rank is not null;
analyze loaded_holds;

insert into inventory.inventory_reservations (
    variant_id, reservation_id, location_id, owner, status, quantity, open_quantity,
    shipped_quantity, expires_at, created_at, closed_at, actor
)
overriding system value
select
    h.variant_id, h.reservation_id, 1, 'order:' || h.order_id, h.status, h.quantity,
    case when h.is_shipped then 0 else h.quantity end,
    case when h.is_shipped then h.quantity else 0 end,
    h.expires_at, h.placed_at, case when h.status = 'consumed' then h.placed_at end, 'bench'
from loaded_holds as h;
insert into inventory.inventory_movements (
    variant_id, location_id, seq, kind, on_hand_before, on_hand_delta, on_hand_after, damaged_before,
    damaged_after, reservation_id, actor, created_at
)
select
    h.variant_id, 1, i.last_seq + h.place, 'shipment', i.on_hand - (h.place - 1) * h.quantity,
    -h.quantity, i.on_hand - h.place * h.quantity, i.damaged, i.damaged, h.reservation_id, 'bench', clock_timestamp()
from loaded_holds as h
inner join inventory.inventory as i on i.variant_id = h.variant_id and i.location_id = 1
where h.is_shipped;
-- One movement of each stock row at a time: its trigger takes no others.
do $do$
begin
    for v_place in 1..coalesce((select max(h.place) from loaded_holds as h where h.is_shipped), 0) loop
        update inventory.inventory as i
        set on_hand = i.on_hand - h.quantity, last_seq = i.last_seq + 1
        from loaded_holds as h
        where h.is_shipped and h.place = v_place
        and i.variant_id = h.variant_id and i.location_id = 1;
    end loop;
end;
$do$;
update inventory.stock_buckets as b
set available = b.available - h.units
from (
    select h.variant_id, sum(h.quantity) as units from loaded_holds as h group by h.variant_id
) as h
where b.variant_id = h.variant_id and b.location_id = 1 and b.bucket = 0;

insert into payment.payments (
    order_id, payment_id, provider, currency, amount, authorized, captured, settled,
    refund_pending, charged_back, phase, auth_expires_at, attempts, created_at, updated_at,
    updated_by
)
overriding system value
select
    o.order_id, o.order_id, 'stripe', 'GBP', t.total, t.total,
    case when o.rank >= 2 then t.total else 0 end, case when o.rank = 5 then t.total else 0 end,
    case when mod(o.order_id, 100) = 11 then 1 else 0 end,
    case when mod(o.order_id, 200) = 13 then 1 else 0 end,
    'authorized', case when o.rank = 1 then now() + interval '7 days' end, 1, o.placed_at,
    o.placed_at, 'bench'
from loaded as o
inner join orders.orders as t on t.order_id = o.order_id
where o.rank is not null;
insert into payment.payment_transactions (
    order_id, payment_id, kind, status, amount, provider, provider_ref, completed_at, created_at,
    actor
)
select
    p.order_id, p.payment_id, k.kind, 'succeeded', p.amount, 'stripe', k.kind || '-' || p.order_id,
    p.created_at, p.created_at, 'bench'
from payment.payments as p
inner join loaded as o on o.order_id = p.order_id
cross join lateral unnest(
    (array['authorize', 'capture', 'settlement'])[:case when o.rank = 5 then 3 else least(o.rank, 2) end]
) as k (kind);
-- Refunds that were given up, and a few that wait for somebody.
insert into payment.refunds (
    order_id, payment_id, amount, reason_code, status, closed_at, requested_by, updated_by
)
select
    p.order_id, p.payment_id, 1, 'goodwill', case when p.refund_pending = 0 then 'cancelled' else 'requested' end,
    case when p.refund_pending = 0 then now() end, 'bench', 'bench'
from payment.payments as p
inner join loaded as o on o.order_id = p.order_id
where mod(o.order_id, 10) = 9 or p.refund_pending > 0;
-- Disputes that were won, and a few that wait for evidence.
insert into payment.payment_disputes (
    order_id, dispute_id, payment_id, provider, provider_dispute_id, amount, counted, reason_code,
    status, evidence_due_at, closed_at, updated_by
)
overriding system value
select
    p.order_id, p.order_id, p.payment_id, 'stripe', 'D' || p.order_id, 1, p.charged_back, 'fraudulent',
    case when p.charged_back = 0 then 'won' else 'needs_response' end, now() + interval '9 days',
    case when p.charged_back = 0 then now() end, 'bench'
from payment.payments as p
inner join loaded as o on o.order_id = p.order_id
where mod(o.order_id, 100) = 9 or p.charged_back > 0;
insert into payment.payment_transactions (
    order_id, payment_id, kind, status, amount, provider, provider_ref, dispute_id, completed_at,
    created_at, actor
)
select
    d.order_id, d.payment_id, 'chargeback', 'succeeded', d.counted, 'stripe', 'B' || d.order_id,
    d.dispute_id, now(), now(), 'bench'
from payment.payment_disputes as d
inner join loaded as o on o.order_id = d.order_id
where d.counted > 0;
-- What a provider told, and a few things that nobody understands yet.
insert into payment.provider_events (
    provider, event_id, kind, payload, status, reason, order_id, tries, received_at, next_try_at,
    processed_at
)
select
    'stripe', 'E' || p.order_id, 'authorization.approved', jsonb_build_object('order', p.order_id),
    case when w.is_waiting then 'waiting' else 'applied' end,
    case when w.is_waiting then 'Not known yet' end, p.order_id, 1, p.created_at,
    case when w.is_waiting then now() + interval '10 days' end,
    case when not w.is_waiting then p.created_at end
from payment.payments as p
inner join loaded as o on o.order_id = p.order_id
cross join lateral (select mod(p.order_id, 100) = 17 as is_waiting) as w;
insert into payment.payment_methods (user_id, provider, kind, token, last4, is_default, updated_by)
select o.user_id, 'stripe', 'card', 'tok_' || o.order_id, '4242', o.order_id <= %(variants)s, 'bench'
from loaded as o
where mod(o.order_id, 10) = 8;
insert into core.idempotency_keys (scope, key, request_hash, response, created_by)
select
    'orders.place_order/user:' || coalesce(o.user_id, 0), 'loaded-' || o.order_id,
    sha256(o.order_id::text::bytea), '{}', 'bench'
from loaded as o;
