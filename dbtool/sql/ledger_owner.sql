-- Hand the ledger to the owner of the SQL, so that every member of that role can migrate later.
--
-- The role is made by a migration, so it may not be there yet, or not be ours to give to: then
-- nothing happens, and a later file's transaction tries again.
do $block$
declare
    v_owner text := current_setting('dbtool.owner');
    v_enter text := case
        when current_setting('server_version_num')::integer >= 160000 then 'SET' else 'MEMBER'
    end;
    v_statement text;
begin
    if not exists (select from pg_roles as r where r.rolname = v_owner)
        or not pg_has_role(v_owner, 'USAGE')
        or not pg_has_role(v_owner, v_enter)
    then
        return;
    end if;
    for v_statement in
        select format('alter schema %I owner to %I', n.nspname, v_owner)
        from pg_namespace as n
        where
            n.nspname = 'dbtool'
            and pg_get_userbyid(n.nspowner) <> v_owner
            and pg_has_role(n.nspowner, 'USAGE')
        union all
        select format('alter table %s owner to %I', c.oid::regclass, v_owner)
        from pg_class as c
        where
            c.relnamespace = 'dbtool'::regnamespace
            and c.relkind in ('r', 'p', 'v')
            and pg_get_userbyid(c.relowner) <> v_owner
            and pg_has_role(c.relowner, 'USAGE')
        union all
        select format('alter routine %s owner to %I', p.oid::regprocedure, v_owner)
        from pg_proc as p
        where
            p.pronamespace = 'dbtool'::regnamespace
            and pg_get_userbyid(p.proowner) <> v_owner
            and pg_has_role(p.proowner, 'USAGE')
    loop
        execute v_statement;
    end loop;
end;
$block$
