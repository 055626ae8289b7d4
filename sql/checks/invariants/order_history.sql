-- The history of an order is one unbroken chain of legal moves, each later than the one before.
select
    'order ' || h.order_id || '#' || h.seq as object,
    to_jsonb(h) - 'order_id' as detail
from (
    select
        s.order_id, s.seq, s.from_status, s.to_status, s.created_at,
        lag(s.seq, 1, 0) over w as previous_seq,
        lag(s.to_status) over w as previous_status,
        lag(s.created_at, 1, '-infinity'::timestamptz) over w as previous_at
    from orders.order_status_history as s
    window w as (partition by s.order_id order by s.seq)
) as h
where h.seq <> h.previous_seq + 1
or h.from_status is distinct from h.previous_status
or h.created_at < h.previous_at
or coalesce(h.from_status, 'none') || ' ' || h.to_status not in (
    'none pending',
    'pending confirmed', 'pending cancelled', 'pending expired',
    'confirmed processing', 'confirmed shipped', 'confirmed cancelled',
    'processing shipped', 'processing cancelled',
    'shipped delivered', 'shipped cancelled', 'delivered completed',
    'expired confirmed'
)
