-- A reservation's quantities, slot and time of closing are those of its status.
-- Checks make anything else impossible; a restore that left them out would show here.
select
    r.variant_id || '-' || r.reservation_id as object,
    to_jsonb(r) as detail
from inventory.inventory_reservations as r
where (r.status = 'active') <> (r.closed_at is null)
or r.quantity <= 0 or r.open_quantity < 0 or r.shipped_quantity < 0
or case r.status
    when 'active' then r.open_quantity <> r.quantity or r.shipped_quantity <> 0
    when 'consumed' then r.open_quantity + r.shipped_quantity > r.quantity
    else r.open_quantity <> 0 or r.shipped_quantity <> 0
end
or (r.status = 'active' and r.owner not like 'order:%') <> (r.slot is not null)
