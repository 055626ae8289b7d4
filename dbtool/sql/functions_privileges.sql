-- The statements that take the privileges on these routines and views back to what a new one would
-- have: what the files grant is then all that there is. (aclexplode refuses an empty list.)
with object as (
    select
        'routine ' || regexp_replace(i.identity, '\mpg_catalog\.', '', 'g') as name,
        'f' as kind,
        p.proowner as owner,
        p.pronamespace as namespace,
        coalesce(p.proacl, acldefault('f', p.proowner)) as acl,
        acldefault('f', p.proowner) as built_in
    from pg_catalog.pg_proc as p
    cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) as i
    where p.oid = any (%(function)s::oid[])
    union all
    select
        'table ' || i.identity,
        'r',
        c.relowner,
        c.relnamespace,
        coalesce(c.relacl, '{}') || coalesce(
            (
                select array_agg(e.item)
                from pg_catalog.pg_attribute as a
                cross join lateral unnest(a.attacl) as e (item)
                where a.attrelid = c.oid
            ), '{}'
        ),
        '{}'
    from pg_catalog.pg_class as c
    cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_class'::regclass, c.oid, 0) as i
    where c.oid = any (%(view)s::oid[])
)

select
    concat(
        'revoke all on ' || o.name || ' from '
        || string_agg(distinct g.grantee, ', ') filter (where not g.is_default) || ' cascade;',
        string_agg(
            distinct format('grant %%s on %%s to %%s;', g.privilege_type, o.name, g.grantee), ''
        ) filter (where g.is_default)
    ) as statement
from object as o
left join pg_catalog.pg_default_acl as everywhere
    on everywhere.defaclrole = o.owner
    and everywhere.defaclobjtype = o.kind::"char"
    and everywhere.defaclnamespace = 0
left join pg_catalog.pg_default_acl as here
    on here.defaclrole = o.owner
    and here.defaclobjtype = o.kind::"char"
    and here.defaclnamespace = o.namespace
cross join lateral (
    select
        case a.grantee
            when 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(a.grantee))
        end as grantee,
        a.privilege_type,
        a.is_default
    from (
        select x.grantee, x.privilege_type, false as is_default
        from unnest(o.acl) as i (item)
        cross join lateral aclexplode(array[i.item]) as x
        union all
        select x.grantee, x.privilege_type, true
        from unnest(
            coalesce(everywhere.defaclacl, o.built_in) || coalesce(here.defaclacl, '{}')
        ) as i (item)
        cross join lateral aclexplode(array[i.item]) as x
    ) as a
    where a.grantee <> o.owner
) as g
group by o.name
