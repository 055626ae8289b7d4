create view desk.open_tickets
with (security_barrier = true)
as
select
    t.public_id,
    t.subject,
    t.priority,
    q.name as queue,
    c.display_name as customer,
    now() - t.created_at as waiting
from desk.tickets as t
inner join desk.queues as q on t.queue_id = q.queue_id
inner join desk.customers as c on t.customer_id = c.customer_id
where t.status <> 'closed';
