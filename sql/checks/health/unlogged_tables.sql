-- Tables of the shop that are not written to the log.
--
-- A crash empties them, and no standby or backup has their rows: critical for each one. What other
-- owners keep unlogged, such as a cache, is their affair.
with findings as (
    select format('%I.%I', n.nspname, c.relname) as object
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relpersistence = 'u'
    and c.relkind = 'r'
    and c.relowner = to_regrole('shop_owner')
)

select
    'critical' as level,
    f.object,
    1::numeric as figure,
    'critical > 0' as threshold,
    'a crash would empty it' as meaning,
    format('alter table %s set logged; -- rewrites it under an exclusive lock', f.object) as remedy
from findings as f
union all
select
    case when to_regrole('shop_owner') is null then 'skipped' else 'ok' end,
    current_database()::text,
    case when to_regrole('shop_owner') is not null then 0 end,
    'critical > 0',
    case
        when to_regrole('shop_owner') is null then 'there is no role shop_owner'
        else 'every table of shop_owner is logged'
    end,
    case when to_regrole('shop_owner') is null then '-- dbtool migrate installs the shop' end
where not exists (select from findings)
order by 2;
