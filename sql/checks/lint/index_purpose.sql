-- The comment of an index names what it serves: a function, a view or a foreign key that exists.
with mentioned as (
    select
        n.nspname || '.' || c.relname as object,
        d.description,
        array_agg(m.name order by m.name) filter (where m.name is not null) as names,
        string_agg(m.name, ', ' order by m.name) filter (
            where not exists (
                select from pg_catalog.pg_proc as p
                where p.pronamespace::regnamespace || '.' || p.proname = m.name
            )
            and not exists (
                select from pg_catalog.pg_class as r
                where r.relnamespace::regnamespace || '.' || r.relname = m.name
            )
        ) as missing
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    inner join pg_catalog.pg_description as d
        on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
    left join lateral (
        select f.found[1] as name
        from regexp_matches(d.description, '\m[a-z_]+\.[a-z_][a-z0-9_]*', 'g') as f (found)
        where split_part(f.found[1], '.', 1) = any(current_setting('dbtool.schemas')::text[])
    ) as m on true
    where n.nspname = any(current_setting('dbtool.schemas')::text[])
    and c.relkind in ('i', 'I')
    and not c.relispartition
    group by n.nspname, c.relname, d.description
)

select
    'error' as level,
    m.object,
    case
        when m.missing is not null then 'its comment names ' || m.missing || ', which is not there'
        else 'its comment names nothing that it serves'
    end as message,
    'comment on index ' || m.object || ' is ''For schema.function: the question.''' as hint
from mentioned as m
where m.missing is not null
or (m.names is null and m.description !~* 'foreign key');
