-- Blocks whose checksum was wrong when they were read.
--
-- One is critical: the storage returned something else than was written, and the next backup may
-- keep it.
with databases as (
    select
        coalesce(d.datname, 'shared objects')::text as object,
        d.checksum_failures,
        d.checksum_last_failure
    from pg_catalog.pg_stat_database as d
    where d.checksum_failures > 0
),

setting as (
    select current_setting('data_checksums') = 'on' as is_on
)

select
    'critical' as level,
    d.object,
    d.checksum_failures::numeric as figure,
    'critical > 0' as threshold,
    format('%s block(s) were damaged, last at %s', d.checksum_failures, d.checksum_last_failure)
        as meaning,
    'create extension if not exists amcheck;'
    || ' -- then pg_amcheck, restore what is damaged from a backup, and change the disk' as remedy
from databases as d
union all
select
    case when s.is_on then 'ok' else 'skipped' end,
    'all databases',
    case when s.is_on then 0 end,
    'critical > 0',
    case
        when s.is_on then 'no damaged block was read'
        else 'data checksums are off, so damage goes unnoticed'
    end,
    case when not s.is_on then '-- with the server stopped: pg_checksums --enable -D <data>' end
from setting as s
where not exists (select from databases)
order by 2;
