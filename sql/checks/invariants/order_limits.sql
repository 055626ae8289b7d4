-- An order keeps to the limits that were in force when it was placed.
-- Checks make anything else impossible; a restore that left them out would show here.
select
    'order ' || o.order_id as object,
    jsonb_build_object(
        'total', o.total, 'total_min', o.total_min, 'total_max', o.total_max,
        'lines', o.line_count, 'lines_max', o.lines_max,
        'units', o.unit_count, 'units_max', o.units_max,
        'pending_slot', o.pending_slot, 'pending_slots_max', o.pending_slots_max
    ) as detail
from orders.orders as o
where o.total < o.total_min or o.total > o.total_max
or o.line_count < 1 or o.line_count > o.lines_max
or o.unit_count < 1 or o.unit_count > o.units_max
or o.pending_slot < 1 or o.pending_slot > o.pending_slots_max
