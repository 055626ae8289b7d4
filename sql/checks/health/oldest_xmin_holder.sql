-- What keeps vacuum from removing dead rows: sessions, prepared transactions, slots and standbys.
--
-- Everything that died after the oldest of them stays. 1 million transactions are minutes in a busy
-- shop, 10 million make tables and indexes swell. A prepared transaction also keeps its locks, over
-- restarts: it belongs to a coordinator that finishes it at once, so 10 s and 60 s.
with holders as (
    select
        format('pid %s (%s)', a.pid, concat_ws(', ', a.usename, nullif(a.application_name, '')))
            as object,
        greatest(age(a.backend_xmin), age(a.backend_xid))::numeric as age,
        null::numeric as prepared_for,
        format('select pg_terminate_backend(%s);', a.pid) as remedy
    from pg_catalog.pg_stat_activity as a
    -- A walsender has no database; it carries the xmin that a standby sends back.
    where (a.datname = current_database() or a.datid is null)
    and a.pid <> pg_backend_pid()
    and (a.backend_xmin is not null or a.backend_xid is not null)
    union all
    select
        format('prepared transaction %L', p.gid),
        age(p.transaction),
        extract(epoch from clock_timestamp() - p.prepared),
        format('rollback prepared %L; -- or commit prepared, as its coordinator decided', p.gid)
    from pg_catalog.pg_prepared_xacts as p
    where p.database = current_database()
    union all
    select
        format('slot %I', s.slot_name),
        greatest(age(s.xmin), age(s.catalog_xmin)),
        null,
        format(
            'select pg_drop_replication_slot(%L); -- if its consumer is gone for good', s.slot_name
        )
    from pg_catalog.pg_replication_slots as s
    where s.xmin is not null or s.catalog_xmin is not null
),

rated as (
    select
        case
            when h.age > 10000000 or h.prepared_for > 60 then 'critical'
            when h.age > 1000000 or h.prepared_for > 10 then 'warning'
            else 'ok'
        end as level,
        h.object,
        h.age,
        h.prepared_for,
        h.remedy
    from holders as h
)

select
    r.level,
    r.object,
    r.age as figure,
    'warning > 1000000 transactions or prepared > 10 s, critical > 10000000 or 60 s'
        as threshold,
    format(
        'it holds back vacuum by %s transactions%s',
        r.age, ', prepared ' || round(r.prepared_for) || ' s ago'
    ) as meaning,
    r.remedy
from rated as r
where r.level <> 'ok'
union all
select
    'ok',
    current_database()::text,
    (select coalesce(max(h.age), 0) from holders as h),
    'warning > 1000000 transactions or prepared > 10 s, critical > 10000000 or 60 s',
    'transactions that the oldest holder keeps back',
    null
where not exists (select from rated as r where r.level <> 'ok')
order by 3 desc;
