-- Settings that lose data, or that let the database rot.
--
-- Critical is what a crash or a bad disk turns into lost or damaged data. The others only warn: the
-- tables swell, commits that were acknowledged may be gone after a crash, or what the file says is
-- not what runs.
with wanted (name, value, level, meaning) as (
    values
    ('fsync', 'on', 'critical', 'a crash of the machine can damage every table'),
    ('full_page_writes', 'on', 'critical', 'a crash can leave half-written blocks'),
    ('zero_damaged_pages', 'off', 'critical', 'damaged blocks are erased when they are read'),
    ('ignore_checksum_failure', 'off', 'critical', 'damaged blocks are read as if they were good'),
    ('autovacuum', 'on', 'warning', 'nothing removes dead rows or keeps statistics fresh'),
    ('track_counts', 'on', 'warning', 'autovacuum and half of these checks are blind without it'),
    ('track_activities', 'on', 'warning', 'nobody can see what sessions do'),
    ('synchronous_commit', 'on', 'warning', 'a crash can lose commits that clients were told of')
),

findings as (
    select
        w.level,
        w.name as object,
        s.setting,
        w.meaning,
        format('alter system set %s = %s; select pg_reload_conf();', w.name, w.value) as remedy
    from wanted as w
    -- Superusers alone may see two of them in pg_settings on some servers: those stay out.
    inner join pg_catalog.pg_settings as s on s.name = w.name
    where s.setting <> w.value
    -- The other values of synchronous_commit wait for more, or for the disk at least.
    and not (w.name = 'synchronous_commit' and s.setting <> 'off')
    union all
    select
        'warning',
        s.name,
        s.setting,
        'the configured value waits for a restart',
        '-- restart the server in a quiet hour: pg_ctl restart'
    from pg_catalog.pg_settings as s
    where s.pending_restart
)

select
    f.level,
    f.object,
    count(*) over ()::numeric as figure,
    'critical or warning > 0' as threshold,
    format('it is %L: %s', f.setting, f.meaning) as meaning,
    f.remedy
from findings as f
union all
select
    'ok',
    'all settings',
    0,
    'critical or warning > 0',
    'no setting puts data at risk',
    null
where not exists (select from findings)
order by 1, 2;
