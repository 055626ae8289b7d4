create table desk.labels (
    label_id bigint generated always as identity,
    name text not null,
    colour text not null default '#808080',
    constraint labels_pkey primary key (label_id),
    constraint labels_name_key unique (name),
    constraint labels_colour_check check (colour ~ '^#[0-9a-f]{6}$')
);

create table desk.ticket_labels (
    ticket_id bigint not null,
    label_id bigint not null,
    constraint ticket_labels_pkey primary key (ticket_id, label_id),
    constraint ticket_labels_ticket_id_fkey foreign key (ticket_id)
        references desk.tickets (ticket_id) on delete cascade,
    constraint ticket_labels_label_id_fkey foreign key (label_id)
        references desk.labels (label_id) on delete cascade
);

create index ticket_labels_label_id_idx on desk.ticket_labels (label_id);
