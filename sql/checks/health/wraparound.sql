-- Age of the oldest transaction number of each database.
--
-- At 2^31 the server stops writing to save the data: 50 % and 75 % of that are warning and
-- critical, and so are 110 % and 125 % of autovacuum_freeze_max_age, whichever comes first, because
-- autovacuum forces a freeze at 100 %: beyond it, something keeps it from finishing.
with limits as (
    select
        least(0.50 * 2147483648, 1.10 * m.freeze_max_age) as warning,
        least(0.75 * 2147483648, 1.25 * m.freeze_max_age) as critical
    from (
        select current_setting('autovacuum_freeze_max_age')::numeric as freeze_max_age
    ) as m
),

databases as (
    select
        d.datname,
        age(d.datfrozenxid)::numeric as age
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
        age(c.relfrozenxid) as age
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relfrozenxid <> '0'::xid
    and n.nspname !~ '^pg_temp_'
    order by age(c.relfrozenxid) desc
    limit 1
)

select
    r.level,
    r.datname::text as object,
    r.age as figure,
    r.threshold,
    format(
        'its oldest transaction number is %s old: %s %% of the way to a stop',
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
