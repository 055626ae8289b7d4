create table desk.tickets (
    ticket_id bigint generated always as identity,
    public_id uuid not null default gen_random_uuid(),
    customer_id bigint not null,
    queue_id bigint not null,
    agent_id bigint,
    subject text not null,
    status text not null default 'open',
    created_at timestamptz not null default now(),
    closed_at timestamptz,
    constraint tickets_pkey primary key (ticket_id),
    constraint tickets_public_id_key unique (public_id),
    constraint tickets_customer_id_fkey foreign key (customer_id)
        references desk.customers (customer_id) on delete restrict,
    constraint tickets_queue_id_fkey foreign key (queue_id)
        references desk.queues (queue_id) on delete restrict,
    constraint tickets_agent_id_fkey foreign key (agent_id)
        references desk.agents (agent_id) on delete set null,
    constraint tickets_status_check check (status in ('open', 'waiting', 'closed')),
    constraint tickets_closed_at_check check ((status = 'closed') = (closed_at is not null))
);
