-- Run as part of the ledger, and again whenever a newer version of it is brought: the sets of
-- functions, what they made, and what all objects looked like after the last migrate.

create table if not exists dbtool.function_sets (
    source text not null,
    digest text not null,
    applied_at timestamptz not null default clock_timestamp(),
    applied_by text not null default session_user,
    constraint function_sets_pkey primary key (source)
);
comment on table dbtool.function_sets is
'The functions, views and triggers of each source, as they were applied last.';
comment on column dbtool.function_sets.source is
'The folder of SQL, by the name in its dbtool.toml.';
comment on column dbtool.function_sets.digest is 'Over the names and texts of all its files.';
comment on column dbtool.function_sets.applied_at is 'When the set was applied.';
comment on column dbtool.function_sets.applied_by is 'The login role that applied it.';

create table if not exists dbtool.function_objects (
    source text not null,
    kind text not null,
    object text not null,
    checksum text not null,
    constraint function_objects_pkey primary key (source, kind, object),
    constraint function_objects_kind_known_check check (kind in ('function', 'view', 'trigger'))
);
comment on table dbtool.function_objects is
'What the sets made: what has no file any more may go, what has not changed is left alone.';
comment on column dbtool.function_objects.source is 'The source whose file made it.';
comment on column dbtool.function_objects.kind is
'function (procedures too), view or trigger.';
comment on column dbtool.function_objects.object is 'Its name, with the types of its arguments.';
comment on column dbtool.function_objects.checksum is 'Over the statements that made it.';

create table if not exists dbtool.fingerprints (
    kind text not null,
    object text not null,
    definition text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    constraint fingerprints_pkey primary key (kind, object)
);
comment on table dbtool.fingerprints is
'What each object of the managed schemas looked like after the last migrate.';
comment on column dbtool.fingerprints.kind is 'schema, table, column, constraint, grant, ...';
comment on column dbtool.fingerprints.object is 'Its name.';
comment on column dbtool.fingerprints.definition is 'All that makes it what it is.';
comment on column dbtool.fingerprints.recorded_at is 'Since when it is known to look like this.';

-- Where a view reads one relation, 15 shows its name with every column, later versions only where
-- ORDER BY could take the column for another. In the outermost query that name is left out here; in
-- subqueries all versions show it.
create or replace function dbtool.view_definition(p_view oid)
returns text
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_text constant text := pg_get_viewdef(p_view);
    v_tokens text[];
    v_depth integer := 0;
    v_subquery integer;
    v_outline text := '';
    v_alias text;
    v_before text := '';
    v_result text := '';
    v_token text;
begin
    if current_setting('server_version_num')::integer >= 160000 and v_text !~ 'ORDER BY' then
        return v_text;
    end if;

    v_tokens := array(
        select m.token[1]
        from regexp_matches(
            v_text,
            $re$('(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+|\s+|\(\s*(?:SELECT|WITH|VALUES)\M|.)$re$, 'g'
        ) as m (token)
    );
    foreach v_token in array v_tokens loop
        v_depth := v_depth - (v_token = ')')::integer;
        if v_depth = 0 then
            v_outline := v_outline || case
                when v_token like '(%' then '(' when v_token not like '''%' then v_token else ''
            end;
        end if;
        v_depth := v_depth + (v_token like '(%')::integer;
    end loop;
    -- Without strings and parentheses, capitals are words of the language.
    v_alias := substring(
        regexp_replace(
            substring(v_outline from '(?<!DISTINCT)\s+FROM (.*)'),
            '\s+(TABLESAMPLE|WHERE|GROUP|HAVING|WINDOW|ORDER|LIMIT|OFFSET|FETCH|FOR)\M.*|;', ''
        )
        from '^[^,]*?([\w$]+|"(?:[^"]|"")*")(?:\(\))?$'
    );
    if v_alias is null or v_outline ~ '\s(UNION|INTERSECT|EXCEPT)\s' then
        return v_text;
    end if;

    for i in 1..cardinality(v_tokens) loop
        v_token := v_tokens[i];
        if v_subquery is null and v_token like '(_%' then
            v_subquery := v_depth;
        end if;
        v_depth := v_depth + (v_token like '(%')::integer - (v_token = ')')::integer;
        if v_depth <= v_subquery then
            v_subquery := null;
        end if;
        if v_token = v_alias and v_tokens[i + 1] = '.' and v_subquery is null
        -- A schema: of a type, a collation, a function, or of the relation.
        and v_before !~ '([:.]|COLLATE)$' and coalesce(v_tokens[i + 3], '') !~ '^\('
        and (v_depth > 0 or v_before !~ '(?<!DISTINCT )FROM( ONLY)?$')
        and v_tokens[i + 2] ~ '^[\w"]' then
            v_tokens[i + 1] := '';
        elsif v_token !~ '^\s' then
            v_result := v_result || v_token;
            v_before := right(v_before || ' ' || v_token, 20);
        else
            v_result := v_result || v_token;
        end if;
    end loop;
    return v_result;
end;
$function$;

comment on function dbtool.view_definition(oid) is
'The query of a view, in the same words on every version of the server.';

-- PostgreSQL 17 brought MAINTAIN, which `grant all` then includes: it shows only where it stands
-- without the others.
create or replace function dbtool.privileges(p_acl aclitem[], p_owner oid)
returns table (grantee text, privileges text)
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
    select
        case when e.grantee = 0 then 'PUBLIC' else pg_get_userbyid(e.grantee) end,
        string_agg(
            e.privilege_type || case when e.is_grantable then ' with grant option' else '' end,
            ', ' order by e.privilege_type collate "C"
        ) filter (where e.privilege_type <> 'MAINTAIN' or e.others < 7)
    from (
        select
            a.grantee,
            a.privilege_type,
            bool_or(a.is_grantable) as is_grantable,
            count(*) over (partition by a.grantee) - 1 as others
        from aclexplode(p_acl) as a
        where a.grantee is distinct from p_owner
        group by a.grantee, a.privilege_type
    ) as e
    group by e.grantee
$function$;

comment on function dbtool.privileges(aclitem[], oid) is
'Who but the owner may do what, by an access control list.';

-- The settings decide how constants and names are written, so they are fixed. Compilation by JIT
-- would take longer than the query.
create or replace function dbtool.fingerprint(p_schemas text[])
returns table (kind text, object text, definition text)
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
set quote_all_identifiers = off
set jit = off
as $function$
    with managed as materialized (
        select n.oid, n.nspname, n.nspowner, n.nspacl
        from pg_namespace as n
        where n.nspname = any (p_schemas)
    ),

    -- Objects of extensions; and functions that came with a type, such as a range's constructors.
    member as materialized (
        select d.classid, d.objid
        from pg_depend as d
        where d.deptype = 'e'
        or (d.deptype = 'i' and d.classid = 'pg_proc'::regclass)
    ),

    -- Partitions come and go with time; their parent stands for them.
    rel as materialized (
        select
            c.*,
            format('%I.%I', m.nspname, c.relname) as name
        from pg_class as c
        inner join managed as m on m.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'c')
        and not c.relispartition
        and not exists (
            select from member as e where e.classid = 'pg_class'::regclass and e.objid = c.oid
        )
    ),

    routine as materialized (
        select p.*
        from pg_proc as p
        inner join managed as m on m.oid = p.pronamespace
        where not exists (
            select from member as e where e.classid = 'pg_proc'::regclass and e.objid = p.oid
        )
    ),

    typ as materialized (
        select
            t.*,
            format('%I.%I', m.nspname, t.typname) as name
        from pg_type as t
        inner join managed as m on m.oid = t.typnamespace
        left join rel as c on c.oid = t.typrelid
        where (t.typtype in ('d', 'e', 'r') or c.relkind = 'c')
        and not exists (
            select from member as e where e.classid = 'pg_type'::regclass and e.objid = t.oid
        )
    ),

    owner as materialized (
        select m.nspowner as oid from managed as m
        union
        select c.relowner from rel as c
        union
        select p.proowner from routine as p
    ),

    granted (object, acl, owner) as (
        select 'schema ' || quote_ident(m.nspname), m.nspacl, m.nspowner
        from managed as m
        union all
        select
            case c.relkind when 'S' then 'sequence ' else 'table ' end || c.name,
            c.relacl,
            c.relowner
        from rel as c
        union all
        select format('column %s.%I', c.name, a.attname), a.attacl, c.relowner
        from rel as c
        inner join pg_attribute as a on a.attrelid = c.oid
        where a.attacl is not null
        and not a.attisdropped
        union all
        select
            'function ' || p.oid::regprocedure,
            coalesce(p.proacl, acldefault('f', p.proowner)),
            p.proowner
        from routine as p
        union all
        select 'type ' || t.name, coalesce(t.typacl, acldefault('T', t.typowner)), t.typowner
        from typ as t
        union all
        select
            format(
                'default on %s of %I%s',
                case d.defaclobjtype
                    when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
                    when 'T' then 'types' when 'n' then 'schemas' else 'large objects'
                end,
                pg_get_userbyid(d.defaclrole), ' in schema ' || quote_ident(m.nspname)
            ),
            d.defaclacl,
            -- A schema's entry only adds, so that it may name the owner too.
            case when m.oid is null then d.defaclrole end
        from pg_default_acl as d
        left join managed as m on m.oid = d.defaclnamespace
        where m.oid is not null
        or (d.defaclnamespace = 0 and d.defaclrole in (select o.oid from owner as o))
    )

    select 'schema', m.nspname::text, 'owner ' || pg_get_userbyid(m.nspowner)
    from managed as m
    union all
    select
        case c.relkind
            when 'v' then 'view' when 'm' then 'view' when 'S' then 'sequence' else 'table'
        end,
        c.name,
        concat_ws(
            e'\n',
            case c.relkind
                when 'f' then 'foreign table' when 'm' then 'materialized view'
            end,
            'owner ' || pg_get_userbyid(c.relowner),
            case c.relpersistence when 'u' then 'unlogged' end,
            'with (' || (
                select string_agg(o.o, ', ' order by o.o collate "C")
                from unnest(c.reloptions) as o(o)
            ) || ')',
            'partition by ' || case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
            'inherits ' || (
                select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
                from pg_inherits as i
                where i.inhrelid = c.oid
            ),
            case when c.relrowsecurity then 'row level security' end,
            case when c.relforcerowsecurity then 'row level security forced' end,
            case
                when c.relkind in ('r', 'p') then case c.relreplident
                    when 'n' then 'replica identity nothing'
                    when 'f' then 'replica identity full'
                    when 'i' then 'replica identity using index'
                end
            end,
            case when c.relkind in ('v', 'm') then dbtool.view_definition(c.oid) end,
            (
                select
                    format(
                        'as %s increment %s minvalue %s maxvalue %s start %s cache %s%s',
                        format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax,
                        s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' end
                    )
                from pg_sequence as s
                where s.seqrelid = c.oid
            )
        )
    from rel as c
    where c.relkind <> 'c'
    union all
    select
        'column',
        format('%s.%I', c.name, a.attname),
        concat_ws(
            ' ',
            format_type(a.atttypid, a.atttypmod),
            'collate ' || case
                when a.attcollation <> t.typcollation then a.attcollation::regcollation::text
            end,
            case when a.attnotnull then 'not null' end,
            -- 18 knows it as a constraint, which may be unproven.
            case
                when a.attnotnull and exists (
                    select
                    from pg_constraint as n
                    where n.conrelid = c.oid
                    and n.contype = 'n'
                    and n.conkey = array[a.attnum]
                    and not n.convalidated
                ) then 'not valid'
            end,
            case a.attidentity
                when 'a' then 'generated always as identity'
                when 'd' then 'generated by default as identity'
            end,
            case a.attgenerated
                when '' then 'default ' || pg_get_expr(d.adbin, d.adrelid)
                else format(
                    'generated always as (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                    case a.attgenerated when 's' then 'stored' else 'virtual' end
                )
            end
        )
    from rel as c
    inner join pg_attribute as a on a.attrelid = c.oid
    inner join pg_type as t on t.oid = a.atttypid
    left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relkind in ('r', 'p', 'f', 'c')
    and a.attnum > 0
    and not a.attisdropped
    union all
    select 'constraint', format('%I on %s', k.conname, coalesce(c.name, t.name)),
        pg_get_constraintdef(k.oid)
    from pg_constraint as k
    left join rel as c on c.oid = k.conrelid
    left join typ as t on t.oid = k.contypid
    where k.contype in ('c', 'f', 'p', 'u', 'x')
    -- A key that refers to a partitioned table has a copy for each partition.
    and k.conparentid = 0
    and coalesce(c.name, t.name) is not null
    union all
    select
        'index',
        i.indexrelid::regclass::text,
        concat_ws(
            ' ',
            pg_get_indexdef(i.indexrelid),
            case when not i.indisvalid then '(invalid)' end,
            case when i.indisreplident then '(replica identity)' end
        )
    from pg_index as i
    inner join rel as c on c.oid = i.indrelid
    where not exists (
        select
        from pg_constraint as k
        where k.conindid = i.indexrelid
        and k.contype in ('p', 'u', 'x')
    )
    union all
    select
        'statistics',
        format('%I.%I', m.nspname, s.stxname),
        pg_get_statisticsobjdef(s.oid)
    from pg_statistic_ext as s
    inner join managed as m on m.oid = s.stxnamespace
    union all
    select
        case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
        p.oid::regprocedure::text,
        concat_ws(
            e'\n',
            'owner ' || pg_get_userbyid(p.proowner),
            case
                when p.prokind <> 'a' then pg_get_functiondef(p.oid)
                else (
                    select
                        format(
                            'step %s, state %s, final %s, start %L', a.aggtransfn,
                            format_type(a.aggtranstype, null), a.aggfinalfn, a.agginitval
                        )
                    from pg_aggregate as a
                    where a.aggfnoid = p.oid
                )
            end
        )
    from routine as p
    union all
    select
        'trigger',
        format('%I on %s', g.tgname, c.name),
        concat_ws(
            ' ',
            pg_get_triggerdef(g.oid),
            case g.tgenabled
                when 'D' then '(disabled)' when 'R' then '(replica)' when 'A' then '(always)'
            end
        )
    from pg_trigger as g
    inner join rel as c on c.oid = g.tgrelid
    where not g.tgisinternal
    union all
    select 'rule', format('%I on %s', r.rulename, c.name), pg_get_ruledef(r.oid)
    from pg_rewrite as r
    inner join rel as c on c.oid = r.ev_class
    where r.rulename <> '_RETURN'
    union all
    select
        'policy',
        format('%I on %s', p.polname, c.name),
        concat_ws(
            ' ',
            case when p.polpermissive then 'permissive' else 'restrictive' end,
            'for ' || case p.polcmd
                when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                when 'd' then 'delete' else 'all'
            end,
            'to ' || (
                select
                    string_agg(
                        case when r.r = 0 then 'PUBLIC' else pg_get_userbyid(r.r) end,
                        ', ' order by pg_get_userbyid(r.r) collate "C"
                    )
                from unnest(p.polroles) as r(r)
            ),
            'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
            'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'
        )
    from pg_policy as p
    inner join rel as c on c.oid = p.polrelid
    union all
    select
        'type',
        t.name,
        concat_ws(
            ' ',
            case t.typtype
                when 'd' then 'domain as ' || format_type(t.typbasetype, t.typtypmod)
                when 'e' then 'enum (' || (
                    select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
                    from pg_enum as e
                    where e.enumtypid = t.oid
                ) || ')'
                when 'r' then 'range of ' || (
                    select format_type(r.rngsubtype, null)
                    from pg_range as r
                    where r.rngtypid = t.oid
                )
                else 'composite'
            end,
            case when t.typtype = 'd' and t.typnotnull then 'not null' end,
            'default ' || t.typdefault,
            'owner ' || pg_get_userbyid(t.typowner)
        )
    from typ as t
    union all
    select 'grant', format('%s to %s', g.object, e.grantee), e.privileges
    from granted as g
    cross join lateral dbtool.privileges(g.acl, g.owner) as e
    where e.privileges is not null
$function$;

comment on function dbtool.fingerprint(text[]) is
'One row for each object of these schemas, the same on every version of the server: no partitions of
managed parents, no objects of extensions. Replica: yes.';

create or replace function dbtool.drift()
returns table (kind text, object text, change text, before text, after text)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
    select
        coalesce(f.kind, n.kind),
        coalesce(f.object, n.object),
        case
            when n.object is null then 'removed'
            when f.object is null then 'added'
            else 'changed'
        end,
        f.definition,
        n.definition
    from dbtool.fingerprints as f
    -- The schemas recorded last time, also those that have gone since.
    full join dbtool.fingerprint(array(
        select s.object from dbtool.fingerprints as s where s.kind = 'schema'
    )) as n on n.kind = f.kind and n.object = f.object
    where f.definition is distinct from n.definition
    order by 1, 2
$function$;

comment on function dbtool.drift() is
'What was added, removed or changed by hand since the last migrate. Replica: yes.';

revoke all on function dbtool.view_definition(oid) from public;
revoke all on function dbtool.privileges(aclitem[], oid) from public;
revoke all on function dbtool.fingerprint(text[]) from public;
revoke all on function dbtool.drift() from public;
