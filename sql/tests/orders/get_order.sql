-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();
create temporary table placed as
select
    r.order_id, r.order_number, r.status, r.currency, r.total, r.expires_at, r.version
from orders.place_order(
    pg_temp.ann(), 'EUR', '[{"sku": "RED", "quantity": 2}, {"sku": "POT", "quantity": 1}]',
    '{
        "taxes": [{"name": "VAT", "rate": 0.2}], "shipping": {"method": "post", "amount": 5},
        "shipping_address": {"recipient": "A", "line1": "1", "city": "L", "country": "GB"}
    }'
) as r;
create function pg_temp.page()
returns jsonb
language sql
as 'select orders.get_order(p.order_number, pg_temp.ann()) from pg_temp.placed as p';

-- case: the whole page
select is(o.page -> 'totals', '{
    "lines": 2, "units": 3, "prices_include_tax": false, "subtotal": 39.0000, "discount": 0.0000,
    "tax": 7.8000, "shipping": 5.0000, "total": 51.8000, "credit": 0.0000, "due": 51.8000
}')
from (select pg_temp.page() as page) as o;
select is(o.page - '{totals,lines,contact,order_number,placed_at,expires_at}'::text[], '{
    "status": "pending", "payment_status": "unpaid", "fulfillment_status": "unfulfilled",
    "version": 1, "currency": "EUR", "confirmed_at": null, "paid_at": null, "shipped_at": null,
    "delivered_at": null, "completed_at": null, "cancelled_at": null, "cancel_reason": null,
    "shipping": {"method": "post", "amount": 5.0000, "discount": 0.0000, "tax_rate": 0.000000,
        "tax": 0.0000},
    "credits": [], "payments": [], "parcels": [], "returns": [], "notes": []
}')
from (select pg_temp.page() as page) as o;
select is(o.page -> 'lines' -> 1, '{
    "line": 2, "sku": "POT", "name": "Teapot", "options": {}, "quantity": 1,
    "list_price": 24.0000, "unit_price": 24.0000, "subtotal": 24.0000, "discount": 0.0000,
    "tax": 4.8000, "total": 28.8000, "cancelled": 0, "shipped": 0, "delivered": 0,
    "return_requested": 0, "returned": 0, "fulfillment_status": "unfulfilled",
    "adjustments": [
        {"kind": "tax", "code": "VAT", "label": "VAT", "rate": 0.200000, "amount": 4.8000}
    ]
}')
from (select pg_temp.page() as page) as o;
select is(o.page #>> '{contact,shipping_address,city}', 'L')
from (select pg_temp.page() as page) as o;

-- case: notes for colleagues are not shown
insert into orders.order_notes (order_id, note_no, visibility, body, author)
select p.order_id, n.note_no, n.visibility, n.visibility || ' note', 'anna'
from pg_temp.placed as p
cross join (values (1, 'internal'), (2, 'customer')) as n (note_no, visibility);
select is(jsonb_path_query_array(pg_temp.page(), '$.notes[*].body'), '["customer note"]');

-- case: by its number as people type it, of whomever where no owner is given
select is(
    orders.get_order(lower(replace(replace(p.order_number, '0', 'o'), '1', 'l')))
    ->> 'order_number',
    p.order_number
)
from pg_temp.placed as p;

-- case: somebody else's order is none
select throws_ok(
    format('select orders.get_order(%L, %L)', p.order_number, o.owner), o.code
)
from pg_temp.placed as p
cross join (
    values ('session:s', 'SHO01'), ('user:99999', 'SHO01'), ('nobody', '22023')
) as o (owner, code);
select throws_ok($$select orders.get_order('NONE')$$, 'SHO01');
select throws_ok('select orders.get_order(null)', 'SHO01');
