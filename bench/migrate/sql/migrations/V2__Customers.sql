create table desk.customers (
    customer_id bigint generated always as identity,
    email text not null,
    display_name text not null,
    created_at timestamptz not null default now(),
    constraint customers_pkey primary key (customer_id),
    constraint customers_email_check check (email like '%_@_%'),
    constraint customers_display_name_check check (char_length(display_name) between 1 and 200)
);

create unique index customers_email_key on desk.customers (lower(email));

comment on table desk.customers is 'Who may open a ticket; an address is taken once, regardless of case.';
