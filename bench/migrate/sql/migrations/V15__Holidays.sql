create table desk.holidays (
    holiday_id bigint generated always as identity,
    name text not null,
    days daterange not null,
    constraint holidays_pkey primary key (holiday_id),
    constraint holidays_days_check check (not isempty(days)),
    constraint holidays_days_excl exclude using gist (days with &&)
);
