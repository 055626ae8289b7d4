alter table desk.tickets
validate constraint tickets_merged_into_id_fkey;

create table desk.ratings (
    ticket_id bigint not null,
    stars smallint not null,
    remark text,
    rated_at timestamptz not null default now(),
    constraint ratings_pkey primary key (ticket_id),
    constraint ratings_ticket_id_fkey foreign key (ticket_id)
        references desk.tickets (ticket_id) on delete cascade,
    constraint ratings_stars_check check (stars between 1 and 5)
);

create index ratings_low_idx on desk.ratings (rated_at)
where stars <= 2;
