-- Objects that were changed by hand since the last migrate.
--
-- A warning, because the database works as it is: but the next migration was written and tested for
-- what is in the files, and the next environment will not have the change.
with changes as (
    select
        c.kind,
        c.object,
        c.change,
        count(*) over () as total
    from dbtool.drift() as c
    order by c.kind, c.object
    limit 20
),

recorded as (
    select count(*) > 0 as is_recorded from dbtool.fingerprints
)

select
    'warning' as level,
    format('%s %s', c.kind, c.object) as object,
    c.total::numeric as figure,
    'warning > 0' as threshold,
    format('%s by hand, one of %s', c.change, c.total) as meaning,
    format(
        'select before, after from dbtool.drift() where kind = %L and object = %L;'
        || ' -- then undo it, or make it a migration', c.kind, c.object
    ) as remedy
from changes as c
cross join recorded as r
where r.is_recorded
union all
select
    case when r.is_recorded then 'ok' else 'skipped' end,
    current_database()::text,
    case when r.is_recorded then 0 end,
    'warning > 0',
    case
        when r.is_recorded then 'everything is as the last migrate left it'
        else 'no migrate has recorded what everything looked like'
    end,
    case when not r.is_recorded then '-- dbtool migrate records it' end
from recorded as r
where not r.is_recorded or not exists (select from changes)
order by 2;
