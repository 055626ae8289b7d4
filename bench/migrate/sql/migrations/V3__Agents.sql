create table desk.agents (
    agent_id bigint generated always as identity,
    login text not null,
    is_active boolean not null default true,
    hired_on date not null default current_date,
    constraint agents_pkey primary key (agent_id),
    constraint agents_login_key unique (login),
    constraint agents_login_check check (login ~ '^[a-z][a-z0-9_.-]*$')
);
