-- Run the queries that find what must never be.
--
-- An error is raised, not turned into a row: "no violation" may only be said by a query that ran.
create or replace function ops.check_invariants()
returns table (invariant text, object text, detail jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_name text;
begin
    for v_name in
        select substr(p.proname, length('invariant_') + 1)
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'ops'::regnamespace
        and p.proname like 'invariant\_%'
        and p.pronargs = 0
        -- It runs with our rights, so it must be ours.
        and pg_get_userbyid(p.proowner) = current_user
        order by 1
    loop
        return query execute format(
            'select %L, v.object, v.detail from ops.%I() as v', v_name, 'invariant_' || v_name
        );
    end loop;
end;
$function$;

comment on function ops.check_invariants() is
'Runs all invariants: one row a violation, with the object that breaks it and the values that show
it; no row means that all hold. Reads whole tables. Replica: yes.';
grant execute on function ops.check_invariants() to ops_service;
