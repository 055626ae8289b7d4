-- No two indexes are the same but for their name.
select
    'error' as level,
    n.nspname || '.' || c.relname as object,
    'indexes what ' || string_agg(o.relname, ', ' order by o.relname) || ' indexes' as message,
    'drop index concurrently ' || n.nspname || '.' || c.relname as hint
from pg_catalog.pg_index as i
inner join pg_catalog.pg_index as d
    on d.indrelid = i.indrelid
    and d.indkey = i.indkey
    and d.indclass = i.indclass
    and d.indcollation = i.indcollation
    and d.indoption = i.indoption
    and pg_get_expr(d.indexprs, d.indrelid) is not distinct from pg_get_expr(i.indexprs, i.indrelid)
    and pg_get_expr(d.indpred, d.indrelid) is not distinct from pg_get_expr(i.indpred, i.indrelid)
inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
inner join pg_catalog.pg_class as o on o.oid = d.indexrelid and o.relam = c.relam
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
-- Of two, the one to drop: not unique, else the younger.
and (i.indisunique, -i.indexrelid::bigint) < (d.indisunique, -d.indexrelid::bigint)
group by n.nspname, c.relname;
