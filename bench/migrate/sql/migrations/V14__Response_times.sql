create table desk.response_times (
    queue_id bigint not null,
    priority smallint not null,
    first_reply_within interval not null,
    resolved_within interval not null,
    constraint response_times_pkey primary key (queue_id, priority),
    constraint response_times_queue_id_fkey foreign key (queue_id)
        references desk.queues (queue_id) on delete cascade,
    constraint response_times_order_check check (first_reply_within <= resolved_within)
);

insert into desk.response_times (queue_id, priority, first_reply_within, resolved_within)
select
    q.queue_id,
    p.priority,
    interval '1 hour' * p.priority,
    interval '8 hours' * p.priority
from desk.queues as q
cross join generate_series(1, 5) as p (priority);
