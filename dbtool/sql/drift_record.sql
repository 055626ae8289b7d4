-- Remember what the schemas look like now. Schemas recorded by others stay managed. What had
-- drifted before and is still the same is not taken for right: it is reported until somebody mends
-- it.
with now as materialized (
    select n.kind, n.object, n.definition
    from dbtool.fingerprint(
        %(schemas)s || array(select s.object from dbtool.fingerprints as s where s.kind = 'schema')
    ) as n
),

kept as materialized (
    select k.kind, k.object
    from jsonb_to_recordset(%(keep)s::jsonb) as k (kind text, object text, after text)
    left join now as n on n.kind = k.kind and n.object = k.object
    where n.definition is not distinct from k.after
),

gone as (
    delete from dbtool.fingerprints as f
    where (f.kind, f.object) not in (select n.kind, n.object from now as n)
    and (f.kind, f.object) not in (select k.kind, k.object from kept as k)
)

insert into dbtool.fingerprints as f (kind, object, definition)
select n.kind, n.object, n.definition
from now as n
where (n.kind, n.object) not in (select k.kind, k.object from kept as k)
on conflict (kind, object) do update
set definition = excluded.definition, recorded_at = clock_timestamp()
where f.definition <> excluded.definition
