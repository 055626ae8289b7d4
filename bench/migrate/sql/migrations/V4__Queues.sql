create table desk.queues (
    queue_id bigint generated always as identity,
    name text not null,
    parent_queue_id bigint,
    constraint queues_pkey primary key (queue_id),
    constraint queues_name_key unique (name),
    constraint queues_parent_queue_id_fkey foreign key (parent_queue_id)
        references desk.queues (queue_id) on delete restrict,
    constraint queues_not_its_own_parent_check check (parent_queue_id <> queue_id)
);

create index queues_parent_queue_id_idx on desk.queues (parent_queue_id);

insert into desk.queues (name)
values ('billing'), ('delivery'), ('returns');
