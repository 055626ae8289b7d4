-- Facts about the data that must always hold: one row an invariant that does not.
--
-- One violation is critical: stock or money is wrong already, and each further sale adds to it.
with broken as (
    select
        v.invariant,
        count(*) as violations,
        min(v.object) as first_object
    from ops.check_invariants() as v
    group by v.invariant
),

known as (
    select count(*) as invariants
    from pg_catalog.pg_proc as p
    where p.pronamespace = to_regnamespace('ops') and p.proname like 'invariant\_%'
)

select
    'critical' as level,
    b.invariant as object,
    b.violations::numeric as figure,
    'critical > 0' as threshold,
    format('%s object(s) break it, such as %s', b.violations, b.first_object) as meaning,
    format('select * from ops.check_invariants() where invariant = %L;', b.invariant) as remedy
from broken as b
union all
select
    case when k.invariants = 0 then 'skipped' else 'ok' end,
    current_database()::text,
    case when k.invariants > 0 then 0 end,
    'critical > 0',
    format('%s invariants were checked', k.invariants),
    case when k.invariants = 0 then '-- dbtool migrate installs them' end
from known as k
where not exists (select from broken)
order by 2;
