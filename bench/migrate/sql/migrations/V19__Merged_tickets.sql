alter table desk.tickets
add column merged_into_id bigint;

alter table desk.tickets
add constraint tickets_merged_into_id_fkey foreign key (merged_into_id)
references desk.tickets (ticket_id) on delete restrict not valid;

create index tickets_merged_into_id_idx on desk.tickets (merged_into_id)
where merged_into_id is not null;
