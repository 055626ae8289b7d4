-- The index of exactly that name on exactly that table, and who is building it right now.
select
    i.indisvalid,
    c.oid::regclass::text as index_name,
    b.pid as builder
from pg_class as t
inner join pg_index as i on t.oid = i.indrelid
inner join pg_class as c on i.indexrelid = c.oid
left join pg_stat_progress_create_index as b on c.oid = b.index_relid
where
    t.oid = to_regclass(%(table)s)
    and c.relname = (parse_ident(%(name)s))[1]
