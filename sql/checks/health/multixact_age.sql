-- Age of the oldest multixact number of each database.
--
-- Each row that several sessions lock at once takes one; at 2^31 the server stops writing, as with
-- transaction numbers, and the thresholds are the same shares: 50 % and 75 % of that, or 110 % and
-- 125 % of autovacuum_multixact_freeze_max_age, whichever comes first.
with limits as (
    select
        least(0.50 * 2147483648, 1.10 * m.freeze_max_age) as warning,
        least(0.75 * 2147483648, 1.25 * m.freeze_max_age) as critical
    from (
        select current_setting('autovacuum_multixact_freeze_max_age')::numeric as freeze_max_age
    ) as m
),

databases as (
    select
        d.datname,
        mxid_age(d.datminmxid)::numeric as age
    from pg_catalog.pg_database as d
),

rated as (
    select
        case
            when d.age > l.critical then 'critical'
            when d.age > l.warning then 'warning'
            else 'ok'
        end as level,
        d.datname,
        d.age,
        format('warning > %s, critical > %s', round(l.warning), round(l.critical)) as threshold
    from databases as d
    cross join limits as l
),

oldest as (
    select
        format('%I.%I', n.nspname, c.relname) as name,
        mxid_age(c.relminmxid) as age
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relminmxid <> '0'::xid
    and n.nspname !~ '^pg_temp_'
    order by mxid_age(c.relminmxid) desc
    limit 1
)

select
    r.level,
    r.datname::text as object,
    r.age as figure,
    r.threshold,
    format(
        'its oldest multixact number is %s old: %s %% of the way to a stop',
        r.age, round(100 * r.age / 2147483648, 1)
    ) as meaning,
    case
        when r.level = 'ok' then null
        when r.datname = current_database() then format('vacuum (freeze, verbose) %s;', o.name)
        else format('\connect %I' || chr(10) || 'vacuum (freeze, verbose);', r.datname)
    end as remedy
from rated as r
left join oldest as o on true
where r.level <> 'ok' or r.datname = current_database()
order by r.age desc;
