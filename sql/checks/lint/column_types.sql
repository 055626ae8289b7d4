-- No type that loses something: a time zone, the equality, trailing blanks, values to remove.
select
    'error' as level,
    n.nspname || '.' || c.relname || '.' || a.attname as object,
    'is ' || coalesce(b.name, format_type(a.atttypid, a.atttypmod)) as message,
    'Use ' || b.instead || '.' as hint
from pg_catalog.pg_attribute as a
inner join pg_catalog.pg_class as c on c.oid = a.attrelid
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
inner join pg_catalog.pg_type as t on t.oid = a.atttypid
left join pg_catalog.pg_type as e on e.oid = t.typelem and t.typcategory = 'A'
inner join lateral (
    values
    ('timestamp', null, 'timestamptz: a timestamp without its zone is no point in time'),
    ('timetz', null, 'timestamptz: an offset without a date is no time zone'),
    ('json', null, 'jsonb: it has an equality, and indexes'),
    ('bpchar', null, 'text and a check of the length: char pads with blanks'),
    ('money', null, 'numeric and a currency: money depends on lc_monetary'),
    ('enum', 'an enum', 'text and a check: no value of an enum can be removed'),
    ('serial', 'serial', 'bigint generated always as identity')
) as b (type, name, instead)
    on b.type = coalesce(e.typname, t.typname)
    or (b.type = 'enum' and coalesce(e.typtype, t.typtype) = 'e')
    or (
        b.type = 'serial'
        and exists (
            select
            from pg_catalog.pg_depend as d
            where d.classid = 'pg_class'::regclass
            and d.refobjid = a.attrelid
            and d.refobjsubid = a.attnum
            and d.deptype = 'a'
            and d.objid in (select s.oid from pg_catalog.pg_class as s where s.relkind = 'S')
        )
    )
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and c.relkind in ('r', 'p', 'f')
and not c.relispartition
and a.attnum > 0
and not a.attisdropped;
