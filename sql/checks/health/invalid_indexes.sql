-- Invalid indexes, and constraints that were never validated.
--
-- Every write pays for such an index and no query uses it. A failed "create index concurrently" or
-- "reindex concurrently" leaves an invalid index, and NOT VALID leaves a constraint that the
-- planner and its readers cannot rely on: both are work that somebody believes to be finished. An
-- hour is longer than any build that is only being repeated; the age is known where
-- track_commit_timestamp is on. An index that is being built at this moment is no finding: its
-- table is locked in the mode of such a build, by a client.
with findings as (
    select
        case
            when case
                when current_setting('track_commit_timestamp') = 'on'
                then pg_xact_commit_timestamp(i.xmin) < clock_timestamp() - interval '1 hour'
            end then 'critical'
            else 'warning'
        end as level,
        format('%I.%I', n.nspname, c.relname) as object,
        'the index is invalid: queries ignore it, writes still maintain it' as meaning,
        case
            when c.relkind = 'I' then format(
                'select indexrelid::regclass from pg_index where indrelid in (select inhrelid'
                || ' from pg_inherits where inhparent = %L::regclass);'
                || ' -- then alter index %I.%I attach partition for each that is missing',
                format('%I.%I', n.nspname, t.relname), n.nspname, c.relname
            )
            when c.relname ~ '_cc(new|old)[0-9]*$'
            then format('drop index concurrently %I.%I;', n.nspname, c.relname)
            else format('reindex index concurrently %I.%I;', n.nspname, c.relname)
        end as remedy
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
    inner join pg_catalog.pg_class as t on t.oid = i.indrelid
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where not i.indisvalid
    and n.nspname !~ '^pg_temp_'
    and not exists (
        select
        from pg_catalog.pg_locks as l
        inner join pg_catalog.pg_stat_activity as a on a.pid = l.pid
        where l.relation = i.indrelid
        and l.mode = 'ShareUpdateExclusiveLock'
        and l.granted
        and a.datname = current_database()
        and a.usesysid is not null
    )
    union all
    select
        'warning',
        format('%I.%I.%I', n.nspname, t.relname, o.conname),
        'the constraint was never validated: rows from before it may break it',
        case
            -- Such a constraint (from 18 on) is switched off on purpose, and cannot be validated.
            when to_jsonb(o) ->> 'conenforced' = 'false'
            then format(
                'alter table %I.%I drop constraint %I; -- or make it enforced',
                n.nspname, t.relname, o.conname
            )
            else format(
                'alter table %I.%I validate constraint %I;', n.nspname, t.relname, o.conname
            )
        end
    from pg_catalog.pg_constraint as o
    inner join pg_catalog.pg_class as t on t.oid = o.conrelid
    inner join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
    where not o.convalidated
    and o.conparentid = 0
    and n.nspname !~ '^pg_temp_'
)

select
    f.level,
    f.object,
    count(*) over ()::numeric as figure,
    'warning > 0, critical when older than 1 hour' as threshold,
    f.meaning,
    f.remedy
from findings as f
union all
select
    'ok',
    current_database()::text,
    0,
    'warning > 0, critical when older than 1 hour',
    'every index and every constraint is valid',
    null
where not exists (select from findings)
order by 2;
