-- What pg_stat_statements knows; where it cannot be asked, one row that says why and what to do.
--
-- No row would look like "nothing is slow", and an error would break a dashboard over an option.
create or replace function ops.get_slow_queries(p_limit integer default 20)
returns table (
    query_id bigint,
    role_name text,
    query text,
    calls bigint,
    total_ms numeric,
    mean_ms numeric,
    max_ms numeric,
    stddev_ms numeric,
    share_percent numeric,
    rows_returned bigint,
    cache_hit_percent numeric,
    temp_bytes numeric,
    wal_bytes numeric,
    note text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_restart constant text :=
        'add pg_stat_statements to shared_preload_libraries and restart the server';
    c_create constant text := 'create extension pg_stat_statements;';
    v_schema text;
    v_is_loaded boolean := current_setting('pg_stat_statements.max', true) is not null;
begin
    if p_limit is null or p_limit not between 1 and 1000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'value', p_limit, 'expected', '1 to 1000'
        ));
    end if;

    select n.nspname
    into v_schema
    from pg_catalog.pg_extension as e
    inner join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
    where e.extname = 'pg_stat_statements';

    if v_schema is null then
        note := 'pg_stat_statements is missing in this database: ' || case
            when v_is_loaded then c_create
            when exists (
                select
                from pg_catalog.pg_available_extensions as a
                where a.name = 'pg_stat_statements'
            ) then c_restart || ', then ' || c_create
            else 'install the server''s contrib modules, ' || c_restart || ', then ' || c_create
        end;
    elsif not v_is_loaded then
        note := 'pg_stat_statements is not loaded: ' || c_restart;
    end if;

    if note is null then
        begin
            return query execute format(
                $query$
                select
                    s.queryid,
                    pg_get_userbyid(s.userid)::text,
                    s.query,
                    s.calls,
                    round(s.total_exec_time::numeric, 1),
                    round(s.mean_exec_time::numeric, 3),
                    round(s.max_exec_time::numeric, 3),
                    round(s.stddev_exec_time::numeric, 3),
                    round((
                        100 * s.total_exec_time / nullif(sum(s.total_exec_time) over (), 0)
                    )::numeric, 1),
                    s.rows,
                    round(100.0 * s.shared_blks_hit
                        / nullif(s.shared_blks_hit + s.shared_blks_read, 0), 2),
                    s.temp_blks_written::numeric * current_setting('block_size')::numeric,
                    s.wal_bytes,
                    case
                        when s.queryid is null
                        then format('the text is hidden: grant pg_monitor to %%I;', current_user)
                    end
                from %I.pg_stat_statements as s
                inner join pg_catalog.pg_database as d on d.oid = s.dbid
                where d.datname = current_database()
                order by s.total_exec_time desc
                limit $1
                $query$, v_schema
            ) using p_limit;
            return;
        exception
            when insufficient_privilege then
                note := format(
                    'grant usage on schema %1$I to %2$I;'
                    ' grant select on %1$I.pg_stat_statements to %2$I;', v_schema, current_user
                );
            when undefined_column then
                note := 'the extension is older than the server: '
                    || 'alter extension pg_stat_statements update;';
            when object_not_in_prerequisite_state then
                note := 'pg_stat_statements is not loaded: ' || c_restart;
        end;
    end if;
    return next;
end;
$function$;

comment on function ops.get_slow_queries(integer) is
'The queries of this database that took most time in total since pg_stat_statements was reset, at
most p_limit (1 to 1,000; 20). Times are in milliseconds, share_percent is of the time of all
queries. Where pg_stat_statements is missing there is one row, all null but note, which says what
to do. Errors: INVALID_ARGUMENT. Replica: yes.';
grant execute on function ops.get_slow_queries(integer) to ops_service;
