create table desk.messages (
    ticket_id bigint not null,
    seq integer not null,
    author_kind text not null,
    body text not null,
    sent_at timestamptz not null default clock_timestamp(),
    constraint messages_pkey primary key (ticket_id, seq),
    constraint messages_ticket_id_fkey foreign key (ticket_id)
        references desk.tickets (ticket_id) on delete cascade,
    constraint messages_seq_check check (seq > 0),
    constraint messages_author_kind_check check (author_kind in ('customer', 'agent', 'system'))
);
