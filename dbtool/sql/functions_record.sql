-- Remember what a set made, in place of what was remembered before.
with made as (
    select m.kind, m.object, m.checksum
    from unnest(%(kinds)s::text[], %(objects)s::text[], %(checksums)s::text[])
        as m (kind, object, checksum)
),

forgotten as (
    delete from dbtool.function_objects as f
    where f.source = %(source)s
    and (f.kind, f.object) not in (select m.kind, m.object from made as m)
),

digested as (
    insert into dbtool.function_sets (source, digest)
    values (%(source)s, %(digest)s)
    on conflict (source) do update
    set digest = excluded.digest, applied_at = clock_timestamp(), applied_by = session_user
)

insert into dbtool.function_objects as f (source, kind, object, checksum)
select %(source)s, m.kind, m.object, m.checksum
from made as m
on conflict (source, kind, object) do update
set checksum = excluded.checksum
where f.checksum <> excluded.checksum
