-- What would go if this routine, view or trigger were dropped, the outermost first. A view's row
-- type and rule are parts of the view.
with recursive node (classid, objid, depth) as (
    select
        case %(kind)s
            when 'function' then 'pg_catalog.pg_proc'::regclass::oid
            when 'view' then 'pg_catalog.pg_class'::regclass::oid
            when 'trigger' then 'pg_catalog.pg_trigger'::regclass::oid
        end,
        %(oid)s::oid,
        0
    union
    select x.classid, x.objid, n.depth + 1
    from node as n
    inner join pg_catalog.pg_depend as d
        on d.refclassid = n.classid and d.refobjid = n.objid and d.deptype in ('n', 'a', 'i')
    left join pg_catalog.pg_rewrite as r
        on d.classid = 'pg_catalog.pg_rewrite'::regclass and r.oid = d.objid
    cross join lateral (
        select
            case when r.oid is null then d.classid else 'pg_catalog.pg_class'::regclass end,
            coalesce(r.ev_class, d.objid)
    ) as x (classid, objid)
    where (x.classid, x.objid) <> (n.classid, n.objid)
    -- Nothing that can be made is nested so deeply; a cycle would be.
    and n.depth < 50
)

select
    case n.classid
        when 'pg_catalog.pg_proc'::regclass then 'function'
        when 'pg_catalog.pg_trigger'::regclass then 'trigger'
        when 'pg_catalog.pg_class'::regclass then 'view'
    end as kind,
    coalesce(pn.nspname, cn.nspname, '') as schema,
    coalesce(p.proname, t.tgname, c.relname, '') as name,
    case when t.oid is null then '' else c.relname end as on_table,
    coalesce(
        regexp_replace(i.identity, '\mpg_catalog\.', '', 'g'), ''
    ) as object,
    pg_catalog.pg_describe_object(n.classid, n.objid, 0) as description
from (
    select m.classid, m.objid, max(m.depth) as depth
    from node as m
    group by m.classid, m.objid
) as n
left join pg_catalog.pg_type as y
    on n.classid = 'pg_catalog.pg_type'::regclass and y.oid = n.objid
left join pg_catalog.pg_proc as p
    on n.classid = 'pg_catalog.pg_proc'::regclass and p.oid = n.objid
left join pg_catalog.pg_namespace as pn on pn.oid = p.pronamespace
left join pg_catalog.pg_trigger as t
    on n.classid = 'pg_catalog.pg_trigger'::regclass and t.oid = n.objid
left join pg_catalog.pg_class as c
    on c.oid = coalesce(
        t.tgrelid, case when n.classid = 'pg_catalog.pg_class'::regclass then n.objid end
    )
left join pg_catalog.pg_namespace as cn on cn.oid = c.relnamespace
cross join lateral pg_catalog.pg_identify_object(n.classid, n.objid, 0) as i
where n.depth > 0
and not (y.oid is not null and (y.typrelid <> 0 or y.typelem <> 0))
order by n.depth desc
