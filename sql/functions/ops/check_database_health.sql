-- Run the health checks that are installed, one after the other, whatever becomes of each.
--
-- security definer lends pg_monitor, if shop_owner has it, and the right to read the shop's tables.
-- Every ops.health_<name>() of the same owner is a check: a new one only adds its file.
create or replace function ops.check_database_health(p_check text default null)
returns table (
    check_name text,
    level text,
    object text,
    figure numeric,
    threshold text,
    meaning text,
    remedy text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- A check that meets a table which is being rebuilt is skipped; it must not queue behind it.
set lock_timeout = '250ms'
as $function$
declare
    v_name text;
    v_message text;
    v_hint text;
    v_rows bigint;
    v_checks bigint := 0;
begin
    for v_name in
        select substr(p.proname, length('health_') + 1)
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'ops'::regnamespace
        and p.proname like 'health\_%'
        and p.pronargs = 0
        -- It runs with our rights, so it must be ours.
        and pg_get_userbyid(p.proowner) = current_user
        and (p_check is null or p.proname = 'health_' || p_check)
        order by 1
    loop
        v_checks := v_checks + 1;
        begin
            return query execute format(
                'select %L, h.level, h.object, h.figure, h.threshold, h.meaning, h.remedy'
                ' from ops.%I() as h', v_name, 'health_' || v_name
            );
            get diagnostics v_rows = row_count;
            if v_rows = 0 then
                raise exception using
                    errcode = 'no_data_found',
                    message = 'the check returned no row',
                    hint = '-- a check returns one row a finding, or one that says ok';
            end if;
        exception
            -- All of them, on purpose: any error means that this check cannot tell, and the others
            -- still can. PL/pgSQL does not count a cancelled query among "others", so that
            -- statement_timeout and Ctrl-C end the whole run.
            -- lint: allow swallowed_error: the error is not lost, it is the row that follows.
            when others then
                get stacked diagnostics
                    v_message = message_text,
                    v_hint = pg_exception_hint;
                check_name := v_name;
                level := 'skipped';
                object := current_database();
                figure := null;
                threshold := null;
                meaning := format('it could not run: %s (SQLSTATE %s)', v_message, sqlstate);
                remedy := coalesce(
                    nullif(v_hint, ''),
                    format('select * from ops.%I(); -- as %I', 'health_' || v_name, current_user)
                );
                return next;
        end;
    end loop;

    if v_checks = 0 and p_check is not null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_check', 'value', p_check, 'expected', 'the name of a health check'
        ));
    end if;
end;
$function$;

comment on function ops.check_database_health(text) is
'Runs all health checks, or the one named, in the order of their names. Each returns at least one
row: level is ok, warning, critical or skipped (it could not tell), figure and threshold are in
the unit that the threshold names, remedy can be pasted. Errors: INVALID_ARGUMENT. Replica: yes.';
grant execute on function ops.check_database_health(text) to ops_service;
