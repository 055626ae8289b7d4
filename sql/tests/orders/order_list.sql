-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();
select orders.place_order(
    'session:secret', 'EUR', '[{"sku": "POT", "quantity": 1}]',
    '{"email": "bob@example.com", "taxes": [{"name": "VAT", "rate": 0.2}]}'
);

-- case: orders with their lines, taxes, states and contact
select results_eq(
    $$
    select o.user_id, o.is_guest, o.source, o.status, o.subtotal, o.tax_total, o.total
    from orders.order_list as o
    $$,
    $$values (null::bigint, true, 'items', 'pending', 24.0, 4.8, 28.8)$$
);
select results_eq(
    'select i.sku, i.quantity, i.unit_price, i.line_total from orders.order_item_list as i',
    $$values ('POT', 1, 24.0, 28.8)$$
);
select results_eq(
    'select a.kind, a.code, a.rate, a.currency, a.amount from orders.order_adjustment_list as a',
    $$values ('tax', 'VAT', 0.2, 'EUR', 4.8)$$
);
select results_eq(
    'select h.seq, h.from_status, h.to_status, h.actor from orders.order_status_list as h',
    $$values (1, null::text, 'pending', 'web')$$
);
select results_eq(
    'select c.email, c.erased_at from orders.order_contact_list as c',
    $$values ('bob@example.com', null::timestamptz)$$
);

-- case: no session, and no contact where it is not asked for
select is_empty(
    $$
    select from orders.order_list as o
    where to_jsonb(o)::text like '%secret%' or to_jsonb(o)::text like '%bob@%'
    or to_jsonb(o)::text like '%' || encode(sha256('secret'), 'hex') || '%'
    $$
);
