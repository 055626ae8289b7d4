-- setup: ten mugs that came in two deliveries
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 8}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 2}]');
-- tries to add a movement, which by default is a good one
create function pg_temp.add(p_changes jsonb)
returns void
language sql
volatile
as $function$
    insert into inventory.inventory_movements (
        variant_id, location_id, seq, kind, on_hand_before, on_hand_delta, on_hand_after,
        damaged_before, damaged_delta, damaged_after, reason, reservation_id, actor
    )
    select
        i.variant_id + r.shift, i.location_id, r.seq, r.kind, r.before, r.delta, r.after,
        r.damaged_before, r.damaged_delta, r.damaged_after, r.reason, r.reservation_id, 'test'
    from inventory.inventory as i
    cross join jsonb_to_record(
        '{"seq": 3, "kind": "receipt", "before": 10, "delta": 1, "after": 11, "damaged_before": 0,
        "damaged_delta": 0, "damaged_after": 0, "shift": 0}' || p_changes
    ) as r (
        shift bigint, seq bigint, kind text, before integer, delta integer, after integer,
        damaged_before integer, damaged_delta integer, damaged_after integer, reason text,
        reservation_id bigint
    );
$function$;

-- case: movements of every kind are accepted with the signs and fields that they have
select lives_ok(
    format('select pg_temp.add(%L)', g.changes), g.changes::text
)
from (
    values
    ('{"kind": "receipt"}'::jsonb),
    ('{"seq": 4, "kind": "return", "before": 11, "after": 12}'),
    ('{"seq": 5, "kind": "count", "before": 12, "delta": 0, "after": 12}'),
    ('{"seq": 6, "kind": "shipment", "before": 12, "delta": -1, "after": 11, "reservation_id": 7}'),
    ('{"seq": 7, "kind": "adjustment", "before": 11, "delta": -1, "after": 10, "reason": "Lost"}'),
    (
        '{"seq": 8, "kind": "damage", "before": 10, "delta": 0, "after": 10, "damaged_delta": 2,
        "damaged_after": 2, "reason": "Fell down"}'
    ),
    (
        '{"seq": 9, "kind": "transfer_out", "before": 10, "delta": -2, "after": 8,
        "damaged_before": 2, "damaged_after": 2}'
    ),
    (
        '{"seq": 10, "kind": "transfer_in", "before": 8, "delta": 2, "after": 10,
        "damaged_before": 2, "damaged_after": 2}'
    )
) as g (changes);

-- case: a movement that does not add up, or has no reason, is refused
select throws_ok(format('select pg_temp.add(%L)', b.changes), '23514', null, b.changes::text)
from (
    values
    ('{"after": 12}'::jsonb),
    ('{"damaged_delta": 1}'),
    ('{"seq": 0}'),
    ('{"seq": -1}'),
    ('{"seq": 0, "before": 0, "after": 1}'),
    ('{"seq": 1, "before": 0, "after": 1, "damaged_before": 1, "damaged_after": 1}'),
    ('{"kind": "theft"}'),
    ('{"kind": "receipt", "delta": 0, "after": 10}'),
    ('{"kind": "receipt", "delta": -1, "after": 9}'),
    ('{"kind": "return", "delta": -1, "after": 9}'),
    ('{"kind": "opening", "delta": -1, "after": 9}'),
    ('{"kind": "shipment", "delta": 1, "after": 11, "reservation_id": 7}'),
    ('{"kind": "shipment", "delta": -1, "after": 9}'),
    ('{"kind": "receipt", "reservation_id": 7}'),
    ('{"kind": "adjustment"}'),
    ('{"kind": "adjustment", "reason": ""}'),
    (jsonb_build_object('kind', 'adjustment', 'reason', repeat('r', 501))),
    ('{"kind": "adjustment", "delta": 0, "after": 10, "reason": "None"}'),
    ('{"kind": "damage", "damaged_delta": 1, "damaged_after": 1}'),
    ('{"kind": "transfer"}'),
    ('{"kind": "transfer_in", "delta": 0, "after": 10}'),
    ('{"kind": "transfer_in", "delta": -1, "after": 9}'),
    ('{"kind": "transfer_out"}')
) as b (changes);

-- case: a movement follows the one before, without a gap, and begins where that one ended
select throws_ok(
    format('select pg_temp.add(%L); set constraints all immediate', b.changes), b.code, null,
    b.title
)
from (
    values
    ('{"seq": 4}'::jsonb, '23503', 'a number left out'),
    ('{"before": 9, "delta": 2}', '23503', 'another number of units'),
    ('{"damaged_before": 1, "damaged_after": 1}', '23503', 'other damaged ones'),
    ('{"seq": 2, "before": 8, "delta": 3, "after": 11}', '23505', 'a number twice'),
    ('{"seq": 1, "before": 0, "shift": 1000, "after": 1}', '23503', 'of no stock row'),
    ('{"seq": 1, "before": 1, "delta": 10, "after": 11}', '23514', 'a first one from something')
) as b (changes, code, title);

-- case: no movement can be deleted, or changed so that others do not fit
select throws_like(
    b.change || '; set constraints all immediate', '%violates%foreign key constraint%', b.title
)
from (
    values
    ('delete from inventory.inventory_movements where seq = 1', 'the first one'),
    ('delete from inventory.inventory_movements where seq = 2', 'the last one'),
    (
        'update inventory.inventory_movements set on_hand_delta = 7, on_hand_after = 7
        where seq = 1', 'the first one'
    ),
    (
        'update inventory.inventory_movements set on_hand_delta = 3, on_hand_after = 11
        where seq = 2', 'the last one'
    ),
    ('update inventory.inventory_movements set seq = 3 where seq = 2', 'its number')
) as b (change, title);

-- case: the row has to name the newest movement, or an invariant reports it
select pg_temp.add('{}');
select isnt_empty('select * from ops.invariant_stock_head()');
select isnt_empty('select * from ops.invariant_stock_sum_of_movements()');
select isnt_empty('select * from ops.invariant_movement_events()');
