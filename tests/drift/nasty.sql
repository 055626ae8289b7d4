-- A schema of everything that is written differently by different servers, or that hides.
create schema nasty;
create type nasty.orders_status as enum ('new', 'it''s');
create domain nasty.positive as integer not null default 3
    constraint positive_check check (value > 0 and value::text like '%');
create type nasty.pair as (a integer, b text collate "C", c nasty.positive);
create type nasty.span as range (subtype = numeric);
create sequence nasty.numbers as integer increment by 3 minvalue -5 start 4 cache 7 cycle;

create table nasty.orders (
    id bigint generated always as identity (start with 7),
    status text not null default 'new',
    total numeric(19, 4) not null default 0,
    "double" numeric generated always as (total * 2) stored,
    created_at timestamptz not null default now(),
    opened_at timestamptz default '2020-01-01 00:00+00',
    took interval default '1 day 2 hours',
    raw bytea default '\xff00',
    ratio double precision default 0.1,
    note text,
    data jsonb default '{}',
    "Odd Name" nasty.orders_status,
    constraint orders_pkey primary key (id),
    constraint orders_status_check check (status in ('new', 'paid') and status is not null),
    constraint orders_total_check check (total between 0 and 100 or note like 'a%'),
    constraint orders_created_check check (created_at > '2020-01-01 00:00+00')
);
create table nasty.items (
    order_id bigint not null,
    line_no integer not null,
    id integer,
    sku text collate "C",
    dropped text,
    constraint items_pkey primary key (order_id, line_no),
    constraint items_order_id_fkey foreign key (order_id) references nasty.orders (id)
        on delete cascade deferrable initially deferred,
    constraint items_sku_key unique nulls not distinct (sku)
);
alter table nasty.items drop column dropped;
alter table nasty.items add constraint items_id_check check (id > 0) not valid;
create table nasty.spans (
    during int4range,
    weight integer,
    constraint spans_excl exclude using gist (during with &&) where (weight > 0)
);
create unlogged table nasty.scratch (id integer) with (fillfactor = 70, autovacuum_enabled = off);
create table nasty.child (extra text) inherits (nasty.scratch);
alter table nasty.items replica identity full;
create table nasty.parts (
    id bigint not null,
    at timestamptz not null,
    order_id bigint,
    constraint parts_pkey primary key (id, at),
    constraint parts_order_id_fkey foreign key (order_id) references nasty.orders (id)
) partition by range (at);
create table nasty.parts_2020 partition of nasty.parts
    for values from ('2020-01-01') to ('2021-01-01') partition by hash (id);
create table nasty.parts_2020_0 partition of nasty.parts_2020
    for values with (modulus 1, remainder 0);
create index parts_at_idx on nasty.parts (at);
create table nasty.refers (
    id bigint,
    at timestamptz,
    constraint refers_fkey foreign key (id, at) references nasty.parts (id, at)
);

create index orders_expression_idx on nasty.orders (lower(status), (total + 1) desc)
include (note) where status = 'new' and note is not null;
create index orders_data_idx on nasty.orders using gin (data jsonb_path_ops);
create unique index items_id_idx on nasty.items (id nulls first) with (fillfactor = 80);
create statistics nasty.orders_stat (dependencies, ndistinct) on status, total from nasty.orders;
create statistics nasty.orders_lower_stat on (lower(status)), note from nasty.orders;

create function nasty.orders(bigint) returns bigint immutable language sql as 'select $1';
create function nasty.atomic(p_id bigint) returns setof text stable language sql begin atomic
    select o.status from nasty.orders as o where o.id = p_id;
    select o.status from nasty.orders as o inner join nasty.items as i on i.order_id = o.id;
end;
create function nasty.writes(p_id bigint) returns bigint language sql begin atomic
    insert into nasty.items as t (order_id, line_no) values (p_id, 1)
    on conflict (order_id, line_no) do update set sku = excluded.sku where t.id > 3
    returning order_id;
    update nasty.items set sku = 'x' where order_id = p_id;
    delete from nasty.items as i using nasty.orders as o where i.order_id = o.id;
    select case when p_id > 1 then 2 end::bigint;
end;
create function nasty.returns(p_id bigint) returns text stable language sql
return (select o.status from nasty.orders as o where o.id = p_id) || 'x';
create function nasty.defaults(
    p_a integer default 3,
    p_b text default 'x'::text,
    p_at timestamptz default '2020-01-01 00:00+00',
    p_status nasty.orders_status default 'new',
    variadic p_rest integer [] default '{}',
    out o_x integer,
    out o_y text
) returns setof record language plpgsql cost 7 rows 3 security definer leakproof parallel safe
set search_path = pg_catalog, pg_temp set work_mem = '8MB' as $$ begin return; end $$;
create procedure nasty.procedure(inout p_a integer, p_b nasty.orders default null)
language plpgsql as $$ begin end $$;
create function nasty.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create aggregate nasty.total(integer) (sfunc = int4pl, stype = integer, initcond = '0');

create trigger before_update before update of status, total on nasty.orders
for each row when (old.status is distinct from new.status and new.total > 0)
execute function nasty.touch('a', 'b''c');
create constraint trigger later after insert on nasty.orders deferrable initially deferred
for each row execute function nasty.touch();
create trigger rows_of after update on nasty.orders referencing old table as o new table as n
for each statement execute function nasty.touch();
create trigger of_parts after insert on nasty.parts
for each row execute function nasty.touch();
create trigger off before delete on nasty.items for each row execute function nasty.touch();
alter table nasty.items disable trigger off;
alter table nasty.orders enable row level security;
alter table nasty.items force row level security;
create policy own on nasty.orders as restrictive for update to public
using (status = 'new' and id in (select i.order_id from nasty.items as i)) with check (total > 0);
create rule keep as on delete to nasty.items
do instead update nasty.items set sku = 'gone' where order_id = old.order_id;

-- One relation, so that 15 names it with every column and 16 does not.
create view nasty.v_one as
select o.id, o."double", o."Odd Name", o.total::text as total, ' FROM o.id UNION '::text as literal,
    o.id as "o.id"
from nasty.orders as o
where o.total > 3 and o.status is distinct from o.note and extract(year from o.created_at) > 2020
and substring(o.status from 1 for 2) = 'x' and nasty.orders(o.id) = o.id;
-- Its name is that of the schema, a function, the start of a type, and a column.
create view nasty.v_names as
select nasty.id, nasty.sku collate "C" as sku, nasty.orders(nasty.id) as f,
    nasty.sku::nasty.orders_status as status, 'nasty.id' as literal
from nasty.items as nasty
where nasty.id is distinct from nasty.line_no and extract(day from now()) > nasty.id;
create view nasty.nasty as select nasty.id from only nasty.items as nasty where nasty.id in (1, 2);
create view nasty.v_odd as select "Odd ""Alias".id from nasty.items as "Odd ""Alias";
create view nasty.v_whole as select o as whole, o.*::text as words from nasty.orders as o;
create view nasty.v_nested as
select
    o.id,
    (select count(*) from nasty.items as i where i.order_id = o.id) as items,
    exists (select from nasty.items as i where i.order_id = o.id and i.id = o.id) as has,
    array(select x.id from nasty.orders as x) as ids
from nasty.orders as o
where o.id in (select i.order_id from nasty.items as i) and (o.id, o.total) > (1, 2);
create view nasty.v_subquery as
select s.id, s.c from (select o.id, count(*) as c from nasty.orders as o group by o.id) as s
where s.c > 1;
create view nasty.v_group as
select
    o.status,
    count(*) as orders,
    sum(o.total) filter (where o.id > 3) as total,
    grouping(o.status) as grouped,
    rank() over (partition by o.status order by count(*) desc) as rank,
    percentile_cont(0.5) within group (order by o.total) as middle
from nasty.orders as o
group by rollup (o.status)
having count(*) > 1;
create view nasty.v_window as
select o.id, lag(o.total) over w as before,
    sum(o.total) over (order by o.id rows between unbounded preceding and current row) as running
from nasty.orders as o
window w as (partition by o.status order by o.id);
create view nasty.v_ordered as
select (array_agg(o.note order by o.created_at desc, o.id))[1] as note,
    max(o.created_at) as created_at
from nasty.orders as o
group by o.status
order by min(o.created_at);
create view nasty.v_no_column as select from nasty.orders as o where o.id > 3;
create view nasty.v_distinct as
select distinct on (o.status) o.status, o.id from nasty.orders as o order by o.status, o.id;
create view nasty.v_ties as
select o.id from nasty.orders as o order by o.total desc nulls last fetch first 3 rows with ties;
create view nasty.v_sample as select o.id from nasty.orders as o tablesample system (10);
create view nasty.v_case as
select case o.status when 'new' then 1 else 2 end as a, case when o.id > 3 then o.id end as b,
    o.status like 'a%' as c, o.status similar to 'x' as d, o.total between 1 and 2 as e,
    o.created_at at time zone 'UTC' as f, trim(both 'x' from o.status) as g,
    position('a' in o.status) as h, o.data ->> 'a' as i, o.data #>> '{a,b}' as j
from nasty.orders as o;
create view nasty.v_renamed (a, b) as select o.id, o.status from nasty.orders as o;
create view nasty.v_cte as
with recursive t as (select o.id from nasty.orders as o union all select t.id + 1 from t)
select t.id, t.id + 1 as next from t where t.id < 10;
create view nasty.v_union as
select o.id from nasty.orders as o union all select i.order_id from nasty.items as i
except select 3 order by 1;
create view nasty.v_join as
select o.id, i.sku from nasty.orders as o inner join nasty.items as i on i.order_id = o.id
left join lateral (select x.id from nasty.orders as x where x.id = o.id limit 1) as l on true;
create view nasty.v_using as
select id, order_id from nasty.orders full join nasty.items using (id);
create view nasty.v_values as select v.a, v.b from (values (1, 'x'), (2, 'y')) as v (a, b);
create view nasty.v_bare_values as values (1, 'x'), (2, 'y');
create view nasty.v_function as select g.g, g.g + 1 as h from generate_series(1, 3) as g (g);
create view nasty.v_rows_from as
select r.a from rows from (generate_series(1, 2), generate_series(1, 3)) as r (a, b);
create view nasty.v_record as select r.a from json_to_recordset('[]') as r (a integer, b text);
create view nasty.v_lateral as
select f.x from nasty.orders as o, lateral unnest(array[o.id]) with ordinality as f (x, n);
create view nasty.v_constants as
select 1 as one, current_date as today, current_user as me, coalesce(null::integer, 3) as three,
    interval '1 day' as a_day, timestamptz '2020-01-01 00:00+00' as moment, 0.1::float8 as tenth;
create view nasty.v_options with (security_barrier = true, check_option = local) as
select o.id from nasty.orders as o where o.id > 3 for update;
create materialized view nasty.m_view as
select o.id, o.status from nasty.orders as o group by o.id, o.status;
create unique index m_view_id_idx on nasty.m_view (id);
create trigger instead instead of update on nasty.v_renamed
for each row execute function nasty.touch();
