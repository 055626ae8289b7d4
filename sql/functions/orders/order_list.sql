create or replace view orders.order_list with (security_barrier = true) as
select
    o.order_id,
    o.order_number,
    o.user_id,
    o.user_id is null as is_guest,
    o.source,
    o.status,
    o.payment_status,
    o.fulfillment_status,
    o.currency,
    o.prices_include_tax,
    o.line_count,
    o.unit_count,
    o.subtotal,
    o.discount_total,
    o.tax_total,
    o.shipping_method,
    o.shipping_total,
    o.shipping_discount,
    o.shipping_tax,
    o.total,
    o.credit_total,
    o.placed_at,
    o.expires_at,
    o.confirmed_at,
    o.processing_at,
    o.shipped_at,
    o.delivered_at,
    o.completed_at,
    o.cancelled_at,
    o.expired_at,
    o.paid_at,
    o.cancel_reason,
    o.version,
    o.updated_at
from orders.orders as o;

comment on view orders.order_list is
'Orders with their states, sums and times; without the customer''s data, and without sessions, whose
tokens are secrets. Replica: yes.';
grant select on orders.order_list to orders_service;
