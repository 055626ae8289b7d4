create table desk.event_log (
    event_id bigint generated always as identity,
    occurred_at timestamptz not null default clock_timestamp(),
    kind text not null,
    payload jsonb not null default '{}',
    constraint event_log_pkey primary key (occurred_at, event_id),
    constraint event_log_payload_check check (jsonb_typeof(payload) = 'object')
) partition by range (occurred_at);

create table desk.event_log_2026 partition of desk.event_log
for values from ('2026-01-01 00:00:00+00') to ('2027-01-01 00:00:00+00');

create table desk.event_log_rest partition of desk.event_log default;

create index event_log_kind_idx on desk.event_log (kind, occurred_at);
