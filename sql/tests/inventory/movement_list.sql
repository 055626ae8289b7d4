-- setup: stock that came, was counted, corrected and sold
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]', null, 'DN-1');
select inventory.bulk_update_stock('[{"sku": "MUG", "on_hand": 9}]', null, 'Sheet 7');
select inventory.adjust_stock('MUG', -1, 3, 'Broken');
create temporary table sold as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 4}]', 'order:1') as h;
select inventory.commit_reservations(array_agg(s.reservation)) from pg_temp.sold as s;
select inventory.ship_reservations(
    jsonb_agg(jsonb_build_object('reservation', s.reservation)), 'Parcel 1'
)
from pg_temp.sold as s;

-- case: the whole history is listed, each with its reason, paper or sale
select results_eq(
    $$
    select
        m.sku, m.location, m.seq, m.kind, m.on_hand_delta, m.on_hand_after, m.reason, m.reference,
        m.reservation = s.reservation, m.actor, m.request_id
    from inventory.movement_list as m
    cross join pg_temp.sold as s
    order by m.seq
    $$,
    $$
    values
    ('MUG', 'MAIN', 1::bigint, 'receipt', 10, 10, null, 'DN-1', null::boolean, 'staff:anna',
    'req-1'),
    ('MUG', 'MAIN', 2, 'count', -1, 9, null, 'Sheet 7', null, 'staff:anna', 'req-1'),
    ('MUG', 'MAIN', 3, 'adjustment', -1, 8, 'Broken', null, null, 'staff:anna', 'req-1'),
    ('MUG', 'MAIN', 4, 'shipment', -4, 4, null, 'Parcel 1', true, 'staff:anna', 'req-1')
    $$
);
