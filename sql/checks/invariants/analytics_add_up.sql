-- A day begins where the one before it ended, and all days together are the movements that are in
-- them.
select
    a.variant_id || '@' || a.day as object,
    jsonb_build_object('opening', a.opening, 'closing_before', a.closing_before) as detail
from (
    select
        y.variant_id, y.day, y.opening,
        lag(y.closing, 1, 0::bigint) over (partition by y.variant_id order by y.day)
            as closing_before
    from inventory.inventory_analytics as y
) as a
where a.opening <> a.closing_before
union all
select
    coalesce(d.variant_id, m.variant_id)::text,
    jsonb_build_object('days', d.figures, 'movements', m.figures)
from (
    select
        y.variant_id,
        jsonb_build_array(
            sum(y.received), sum(y.sold), sum(y.returned), sum(y.adjusted), sum(y.transferred)
        ) as figures
    from inventory.inventory_analytics as y
    group by y.variant_id
) as d
full join (
    select
        p.variant_id,
        jsonb_build_array(
            coalesce(sum(v.on_hand_delta) filter (where v.kind = 'receipt'), 0),
            -coalesce(sum(v.on_hand_delta) filter (where v.kind = 'shipment'), 0),
            coalesce(sum(v.on_hand_delta) filter (where v.kind = 'return'), 0),
            coalesce(sum(v.on_hand_delta) filter (
                where v.kind in ('opening', 'adjustment', 'damage', 'count')
            ), 0),
            coalesce(sum(v.on_hand_delta) filter (
                where v.kind in ('transfer_in', 'transfer_out')
            ), 0)
        ) as figures
    from inventory.analytics_progress as p
    inner join inventory.inventory_movements as v
        on v.variant_id = p.variant_id and v.location_id = p.location_id and v.seq <= p.seq
    group by p.variant_id
) as m on m.variant_id = d.variant_id
where d.figures is distinct from m.figures
