create index tickets_customer_id_idx on desk.tickets (customer_id, created_at desc);
create index tickets_agent_id_idx on desk.tickets (agent_id);
create index tickets_open_by_queue_idx on desk.tickets (queue_id, created_at)
where status = 'open';
