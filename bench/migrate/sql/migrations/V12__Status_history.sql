create table desk.status_history (
    ticket_id bigint not null,
    seq integer not null,
    old_status text,
    new_status text not null,
    changed_by text not null default current_user,
    changed_at timestamptz not null default clock_timestamp(),
    constraint status_history_pkey primary key (ticket_id, seq),
    constraint status_history_ticket_id_fkey foreign key (ticket_id)
        references desk.tickets (ticket_id) on delete cascade,
    constraint status_history_moved_check check (old_status is distinct from new_status)
);
