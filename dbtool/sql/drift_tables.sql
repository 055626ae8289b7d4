-- For each table of some schemas, the query that digests its rows whatever their order. Identity
-- columns and columns filled by a volatile default (times, random keys) are left out: the rows that
-- a migration inserts come back with other values.
select
    x.name,
    format(
        'select %%L, count(*), coalesce(sum(hashtextextended(row(%%s)::text, 0)), 0) from %%s%%s',
        x.name,
        (
            select string_agg(quote_ident(a.attname), ', ' order by a.attname collate "C")
            from pg_catalog.pg_attribute as a
            left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
            cross join lateral pg_catalog.pg_get_expr(d.adbin, d.adrelid) as e (expression)
            where a.attrelid = x.oid
            and a.attnum > 0
            and not a.attisdropped
            and a.attidentity = ''
            and coalesce(e.expression, '') !~ '\m(CURRENT|LOCAL|SESSION)'
            and not exists (
                select
                from regexp_matches(e.expression, '(\w+)"?\(', 'g') as m (call)
                inner join pg_catalog.pg_proc as p on p.proname = m.call[1]
                where p.provolatile <> 'i'
            )
        ),
        case when x.relkind = 'r' then 'only ' end,
        x.name
    ) as query
from (
    select c.oid, c.relkind, format('%%I.%%I', n.nspname, c.relname) as name
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = any (%(schemas)s)
    and c.relkind in ('r', 'p')
    and not c.relispartition
) as x
order by x.name
