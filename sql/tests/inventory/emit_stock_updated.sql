-- setup: two variants
select product.import_products('[
    {"sku": "A", "name": "A", "price": 1, "currency": "EUR"},
    {"sku": "B", "name": "B", "price": 1, "currency": "EUR"}
]');
delete from events.outbox_events;
create temporary table ids as
select
    min(v.variant_id) as a,
    max(v.variant_id) as b
from product.variants as v;

-- case: elements of the same variant are one event, what they changed added up
select inventory.emit_stock_updated(
    'test', array[i.a, i.b, i.a], '{1,2,3}', '{-1,-2,-3}', '{0,0,7}'
)
from pg_temp.ids as i;
select bag_eq(
    'select e.event_type as type, e.aggregate_seq, e.payload from events.outbox_events as e',
    $$
    select
        'stock.updated' as type, null::bigint as seq,
        jsonb_build_object('variant_id', i.a, 'sku', 'A', 'cause', 'test') || jsonb_build_object(
            'available', 4, 'reserved', -4, 'on_hand', 7
        ) as payload
    from pg_temp.ids as i
    union all
    select
        'stock.updated', null,
        jsonb_build_object('variant_id', i.b, 'sku', 'B', 'cause', 'test') || jsonb_build_object(
            'available', 2, 'reserved', -2, 'on_hand', 0
        )
    from pg_temp.ids as i
    $$
);

-- case: no elements, no event
select inventory.emit_stock_updated('test', '{}', '{}', '{}', '{}');
select inventory.emit_stock_updated('test', null, null, null, null);
select is_empty('table events.outbox_events');
