-- setup: what a session holds
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 9}, {"sku": "POT", "quantity": 9}]');
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 3}]', 'session:s');
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 2}]', 'session:s');
create function pg_temp.demand(p_red integer, p_pot integer)
returns jsonb
language sql
as $$
select jsonb_agg(jsonb_build_object(
    'variant_id', v.variant_id, 'sku', v.sku, 'quantity',
    case v.sku when 'RED' then p_red else p_pot end
) order by v.variant_id)
from product.variants as v
$$;
delete from events.outbox_events;

-- case: holds are taken as far as they are needed, and what is missing is told
select results_eq(
    $$
    select i.*
    from jsonb_to_recordset(inventory.assign_holds(
        'session:s', 'order:7', clock_timestamp() + interval '30 minutes', pg_temp.demand(6, 1)
    )) as i (sku text, quantity integer)
    order by i.sku
    $$,
    $$values ('POT', 1), ('RED', 1)$$
);
select bag_eq(
    $$
    select r.owner, r.quantity, r.slot, r.slot_limit, r.seq,
        r.expires_at > clock_timestamp() + interval '29 minutes'
    from inventory.inventory_reservations as r
    $$,
    $$
    values
    ('order:7', 3, null::integer, null::integer, 2, true), ('order:7', 2, null, null, 2, true)
    $$
);
select bag_eq(
    'select e.event_type, e.payload ->> ''quantity'' from events.outbox_events as e',
    $$values ('reservation.moved', '3'), ('reservation.moved', '2')$$
);

-- case: what the order does not need stays its owner's, in the same slot; stock is not touched
select is(
    inventory.assign_holds(
        'session:s', 'order:7', clock_timestamp() + interval '30 minutes', pg_temp.demand(4, 0)
    ),
    null
);
select bag_eq(
    'select r.owner, r.quantity, r.slot from inventory.inventory_reservations as r',
    $$values ('order:7', 2, null::integer), ('order:7', 2, null), ('session:s', 1, 1)$$
);
select results_eq(
    $$select s.available_stock from inventory.stock_levels as s where s.sku = 'RED'$$,
    'values (4::bigint)'
);
select is_empty($$select from events.outbox_events as e where e.event_type = 'stock.updated'$$);

-- case: what is past its expiry is no hold any more
update inventory.inventory_reservations
set expires_at = expires_at - interval '6 minutes';
select results_eq(
    $$
    select i.*
    from jsonb_to_recordset(inventory.assign_holds(
        'session:s', 'order:7', clock_timestamp() + interval '30 minutes', pg_temp.demand(4, 2)
    )) as i (sku text, quantity integer)
    order by i.sku
    $$,
    $$values ('POT', 2), ('RED', 4)$$
);
