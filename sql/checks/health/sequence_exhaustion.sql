-- Sequences near their end, counted against the type of the column that they fill.
--
-- At the end every insert fails. From 70 % a busy table leaves weeks to change the type, from 85 %
-- days. A bigint sequence behind an integer column ends at the column's limit, not at its own.
-- Sequences that cycle do not end.
with columns as (
    select
        d.objid as sequence_oid,
        d.refobjid as table_oid,
        d.refobjsubid::smallint as attnum
    from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_class'::regclass
    and d.refclassid = 'pg_catalog.pg_class'::regclass
    and d.refobjsubid > 0
    and d.deptype in ('a', 'i')
    union
    select
        d.refobjid,
        f.adrelid,
        f.adnum
    from pg_catalog.pg_depend as d
    inner join pg_catalog.pg_attrdef as f on f.oid = d.objid
    where d.classid = 'pg_catalog.pg_attrdef'::regclass
    and d.refclassid = 'pg_catalog.pg_class'::regclass
),

sequences as (
    select
        s.seqrelid,
        n.nspname,
        format('%I.%I', n.nspname, c.relname) as object,
        has_sequence_privilege(s.seqrelid, 'select, usage') as is_readable,
        case
            when has_sequence_privilege(s.seqrelid, 'select, usage')
            then pg_sequence_last_value(s.seqrelid)::numeric
        end as last_value,
        s.seqincrement > 0 as is_ascending,
        s.seqmin::numeric as seqmin,
        s.seqmax::numeric as seqmax
    from pg_catalog.pg_sequence as s
    inner join pg_catalog.pg_class as c on c.oid = s.seqrelid
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where not s.seqcycle
    and n.nspname !~ '^pg_temp_'
),

uses as (
    select
        s.object,
        s.last_value,
        s.is_ascending,
        s.seqmin,
        s.seqmax,
        case
            when s.is_ascending then least(s.seqmax, l.highest)
            else greatest(s.seqmin, -l.highest - 1)
        end as ending,
        case
            when s.is_ascending then s.seqmax < 9223372036854775807
            else s.seqmin > -9223372036854775808
        end as is_bounded,
        a.attidentity <> '' as is_identity,
        format('%I.%I', n.nspname, t.relname) as table_name,
        a.attname,
        y.typname
    from sequences as s
    left join columns as o on o.sequence_oid = s.seqrelid
    left join pg_catalog.pg_class as t on t.oid = o.table_oid
    left join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
    left join pg_catalog.pg_attribute as a on a.attrelid = o.table_oid and a.attnum = o.attnum
    left join pg_catalog.pg_type as y on y.oid = a.atttypid
    left join (
        values ('int2', 32767::numeric), ('int4', 2147483647), ('int8', 9223372036854775807)
    ) as l (typname, highest) on l.typname = y.typname
    where s.last_value is not null
),

rated as (
    select
        u.object,
        u.ending,
        u.last_value,
        case
            when u.is_ascending
            then 100 * (u.last_value - u.seqmin) / nullif(u.ending - u.seqmin, 0)
            else 100 * (u.seqmax - u.last_value) / nullif(u.seqmax - u.ending, 0)
        end as used,
        coalesce(nullif(concat_ws(
            ' ',
            case
                when u.typname in ('int2', 'int4') then format(
                    'alter table %s alter column %I type bigint;', u.table_name, u.attname
                )
            end,
            case
                when u.is_bounded and not coalesce(u.is_identity, false)
                then format(
                    'alter sequence %s as bigint no %s;', u.object,
                    case when u.is_ascending then 'maxvalue' else 'minvalue' end
                )
            end,
            case
                when u.typname in ('int2', 'int4')
                then '-- rewrites the table under an exclusive lock; for a large one add a column,'
                    || ' copy in batches and swap'
            end
        ), ''), '-- bigint itself is running out: start again below its first value') as remedy
    from uses as u
),

findings as (
    select
        case when r.used > 85 then 'critical' else 'warning' end as level,
        r.object,
        round(r.used, 1) as figure,
        format('it stands at %s and ends at %s', r.last_value, r.ending) as meaning,
        r.remedy
    from rated as r
    where r.used > 70
    union all
    select
        'skipped',
        min(s.object),
        count(*),
        format('%s sequence(s) may not be read by %s', count(*), current_user),
        format(
            'grant select on all sequences in schema %s to %I;',
            string_agg(distinct quote_ident(s.nspname), ', '), current_user
        )
    from sequences as s
    where not s.is_readable
    having count(*) > 0
)

select
    f.level,
    f.object,
    f.figure,
    'warning > 70 %, critical > 85 %' as threshold,
    f.meaning,
    f.remedy
from findings as f
union all
select
    'ok',
    coalesce((select r.object from rated as r order by r.used desc nulls last limit 1), 'none'),
    (select coalesce(round(max(r.used), 1), 0) from rated as r),
    'warning > 70 %, critical > 85 %',
    'most used share of a sequence',
    null
where not exists (select from findings)
order by 3 desc;
