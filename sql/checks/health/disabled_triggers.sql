-- Tables with triggers that do not fire, foreign keys included.
--
-- A bulk load that forgot to enable them again leaves rules unenforced in silence: critical on the
-- tables of shop_owner, whose functions rely on theirs; a warning on the tables of others.
with findings as (
    select
        case
            when c.relowner = to_regrole('shop_owner') then 'critical' else 'warning'
        end as level,
        format('%I.%I', n.nspname, c.relname) as object,
        count(*)::numeric as figure,
        'not firing: ' || string_agg(coalesce(o.conname, t.tgname), ', ' order by t.tgname)
            as meaning,
        format(
            'alter table %I.%I %s;', n.nspname, c.relname,
            string_agg(format('enable trigger %I', t.tgname), ', ' order by t.tgname)
        ) as remedy
    from pg_catalog.pg_trigger as t
    inner join pg_catalog.pg_class as c on c.oid = t.tgrelid
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    left join pg_catalog.pg_constraint as o on o.oid = t.tgconstraint and t.tgisinternal
    -- R fires on a replication subscriber only.
    where t.tgenabled in ('D', 'R')
    and n.nspname !~ '^pg_'
    group by c.relowner, n.nspname, c.relname
)

select
    f.level,
    f.object,
    f.figure,
    'critical > 0 on tables of shop_owner, warning > 0 on others' as threshold,
    f.meaning,
    f.remedy
from findings as f
union all
select
    'ok',
    current_database()::text,
    0,
    'critical > 0 on tables of shop_owner, warning > 0 on others',
    'every trigger fires',
    null
where not exists (select from findings)
order by 2;
