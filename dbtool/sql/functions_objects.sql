-- The routines, views and triggers of some schemas. The names do not depend on search_path.
--
-- `version` changes whenever a routine is written. `needed` is true where a table, a constraint, a
-- default, an index, a policy or a type hangs on a routine: such a one belongs to a migration.
select
    'function' as kind,
    n.nspname as schema,
    p.proname as name,
    '' as on_table,
    regexp_replace(i.identity, '\mpg_catalog\.', '', 'g') as object,
    p.oid,
    p.ctid::text as version,
    exists (
        select
        from pg_catalog.pg_depend as d
        left join pg_catalog.pg_aggregate as a on a.aggfnoid = d.objid
        where d.refclassid = 'pg_catalog.pg_proc'::regclass
        and d.refobjid = p.oid
        and d.classid not in (
            'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_trigger'::regclass
        )
        and (d.classid <> 'pg_catalog.pg_proc'::regclass or a.aggfnoid is not null)
    ) as needed
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) as i
where n.nspname = any (%(schemas)s)
and p.prokind <> 'a'
-- Of an extension, or of a type such as a range.
and not exists (
    select
    from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_proc'::regclass
    and d.objid = p.oid
    and d.deptype in ('e', 'i')
)
union all
select 'view', n.nspname, c.relname, '', i.identity, c.oid, '', false
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_class'::regclass, c.oid, 0) as i
where n.nspname = any (%(schemas)s)
and c.relkind = 'v'
and not exists (
    select
    from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_class'::regclass
    and d.objid = c.oid
    and d.deptype = 'e'
)
union all
select 'trigger', n.nspname, t.tgname, c.relname, i.identity, t.oid, '', false
from pg_catalog.pg_trigger as t
inner join pg_catalog.pg_class as c on c.oid = t.tgrelid
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_trigger'::regclass, t.oid, 0) as i
where n.nspname = any (%(schemas)s)
and not t.tgisinternal
-- Those of partitions go with those of their parents.
and t.tgparentid = 0
