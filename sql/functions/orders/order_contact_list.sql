create or replace view orders.order_contact_list with (security_barrier = true) as
select
    c.order_id,
    o.order_number,
    o.user_id,
    c.email,
    c.phone,
    c.shipping_address,
    c.billing_address,
    c.erased_at
from orders.order_contacts as c
inner join orders.orders as o on o.order_id = c.order_id;

comment on view orders.order_contact_list is
'Who orders are for and where they go: personal data, for those who pack and answer. Replica: yes.';
grant select on orders.order_contact_list to orders_editor;
