-- Who holds the runner's lock in this database. Another user's query shows to members of
-- pg_read_all_stats only; the rest is for everybody.
select
    a.pid,
    format(
        'pid %%s (user %%s, application "%%s", connected since %%s, %%s): %%s',
        a.pid, a.usename, a.application_name,
        to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'),
        coalesce(a.state, 'state hidden'),
        coalesce(nullif(left(regexp_replace(a.query, '\s+', ' ', 'g'), 200), ''), 'no query yet')
    ) as session
from pg_locks as l
inner join pg_stat_activity as a on l.pid = a.pid
where
    l.locktype = 'advisory'
    and l.granted
    and l.database = (select d.oid from pg_database as d where d.datname = current_database())
    and (l.classid::bigint << 32) + l.objid::bigint = %(key)s
    and l.objsubid = 1
