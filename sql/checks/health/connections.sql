-- Connections in use, of the server, of this database and of each role that has a limit.
--
-- Above 75 % a deployment that starts new processes before it stops the old ones finds no room;
-- above 90 % a burst of retries is refused with 53300. The slots kept for superusers are not
-- counted as room. Workers and replication have slots of their own. Without pg_read_all_stats they
-- cannot be told apart from clients, which errs on the side of a warning.
with clients as (
    select
        a.datid,
        a.usesysid
    from pg_catalog.pg_stat_activity as a
    where coalesce(a.backend_type, 'client backend') = 'client backend'
    and a.datid is not null
    and a.usesysid is not null
),

limits as (
    select
        'server' as object,
        current_setting('max_connections')::numeric
        - current_setting('superuser_reserved_connections')::numeric
        - coalesce(current_setting('reserved_connections', true)::numeric, 0) as room,
        (select count(*) from clients) as used,
        'select datname, usename, application_name, state, count(*) from pg_stat_activity'
        || ' group by 1, 2, 3, 4 order by 5 desc; -- then shrink the idle pools' as remedy
    union all
    select
        format('database %I', d.datname),
        d.datconnlimit,
        (select count(*) from clients as c where c.datid = d.oid),
        format('alter database %I connection limit %s;', d.datname, d.datconnlimit * 2)
    from pg_catalog.pg_database as d
    where d.datname = current_database() and d.datconnlimit > 0
    union all
    select
        format('role %I', r.rolname),
        r.rolconnlimit,
        (select count(*) from clients as c where c.usesysid = r.oid),
        format('alter role %I connection limit %s;', r.rolname, r.rolconnlimit * 2)
    from pg_catalog.pg_roles as r
    where r.rolconnlimit > 0
),

rated as (
    select
        case
            when l.used > 0.90 * l.room then 'critical'
            when l.used > 0.75 * l.room then 'warning'
            else 'ok'
        end as level,
        l.object,
        round(100 * l.used / l.room, 1) as figure,
        'warning > 75 %, critical > 90 %' as threshold,
        format('%s of %s connections are in use', l.used, l.room) as meaning,
        case when l.used > 0.75 * l.room then l.remedy end as remedy
    from limits as l
)

select
    r.level,
    r.object,
    r.figure,
    r.threshold,
    r.meaning,
    r.remedy
from rated as r
where r.level <> 'ok' or r.object = 'server'
order by r.figure desc;
