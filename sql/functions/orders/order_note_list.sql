create or replace view orders.order_note_list with (security_barrier = true) as
select
    n.order_id,
    o.order_number,
    n.note_no,
    n.visibility,
    n.body,
    n.author,
    n.created_at,
    n.erased_at
from orders.order_notes as n
inner join orders.orders as o on o.order_id = n.order_id;

comment on view orders.order_note_list is
'Notes of orders, internal ones included. Replica: yes.';
grant select on orders.order_note_list to orders_editor;
