alter table desk.tickets
add column priority smallint not null default 3;

alter table desk.tickets
add constraint tickets_priority_check check (priority between 1 and 5);
