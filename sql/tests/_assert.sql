-- Assertions for SQL tests: pgTAP's names, argument orders and TAP lines, on any server.
--
-- Installed by `dbtool test`, never by a migration. The functions keep the search_path of the test,
-- because the statements that they are given belong to it; their own names are all qualified.
-- An assertion takes its number from a temporary sequence of the runner. Sequences are not rolled
-- back, so the runner knows of each assertion that ran, even of one whose result nobody selected.
-- Two values of different numeric types compare (`is(count(*), 3)`), which pgTAP refuses.

create schema tap;

create function tap.diag(p_message text)
returns text
language sql
immutable
strict
as $function$
    select '# ' || pg_catalog.regexp_replace(p_message, E'\r\n|\n|\r', E'\n# ', 'g');
$function$;

create function tap.diag(p_message anyelement)
returns text
language sql
stable
as $function$
    select tap.diag(p_message::text);
$function$;

create function tap.ok(p_result boolean, p_title text default null)
returns text
language plpgsql
volatile
as $function$
declare
    v_number bigint := pg_catalog.nextval('pg_temp.tap_assertions');
    v_title text := nullif(p_title, '');
begin
    return case when p_result then '' else 'not ' end
        || 'ok ' || v_number || coalesce(' - ' || pg_catalog.substr(tap.diag(v_title), 3), '')
        || case when p_result then '' else E'\n' || tap.diag(
            'Failed test ' || v_number || coalesce(': "' || v_title || '"', '')
        ) end
        || case
            when p_result is null then E'\n' || tap.diag('    (test result was NULL)') else ''
        end;
end;
$function$;

create function tap.result(p_result boolean, p_title text, p_failure text)
returns text
language sql
volatile
as $function$
    select tap.ok(p_result, p_title)
        || case when p_result then '' else E'\n' || tap.diag(p_failure) end;
$function$;

create function tap.pass(p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.ok(true, p_title);
$function$;

create function tap.fail(p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.ok(false, p_title);
$function$;

create function tap.skip(p_why text, p_how_many integer default 1)
returns text
language sql
volatile
as $function$
    select pg_catalog.string_agg(
        tap.ok(true) || ' ' || tap.diag('SKIP' || coalesce(' ' || p_why, '')), E'\n'
    )
    from pg_catalog.generate_series(1, p_how_many);
$function$;

create function tap.skip(p_how_many integer, p_why text default null)
returns text
language sql
volatile
as $function$
    select tap.skip(p_why, p_how_many);
$function$;

-- Values

create function tap.is(p_have anycompatible, p_want anycompatible, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.result(
        p_have is not distinct from p_want,
        p_title,
        '        have: ' || coalesce(p_have::text, 'NULL')
        || E'\n        want: ' || coalesce(p_want::text, 'NULL')
    );
$function$;

create function tap.isnt(p_have anycompatible, p_want anycompatible, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.result(
        p_have is distinct from p_want,
        p_title,
        '        have: ' || coalesce(p_have::text, 'NULL') || E'\n        want: anything else'
    );
$function$;

create function tap.cmp_ok(
    p_have anycompatible, p_operator text, p_want anycompatible, p_title text default null
)
returns text
language plpgsql
volatile
as $function$
declare
    v_result boolean;
begin
    execute 'select $1 ' || p_operator || ' $2' into v_result using p_have, p_want;
    return tap.result(
        coalesce(v_result, false),
        p_title,
        '    ' || coalesce(pg_catalog.quote_literal(p_have), 'NULL')
        || E'\n        ' || p_operator
        || E'\n    ' || coalesce(pg_catalog.quote_literal(p_want), 'NULL')
    );
end;
$function$;

create function tap.isa_ok(p_have anyelement, p_type regtype, p_title text default 'the value')
returns text
language sql
volatile
as $function$
    select tap.result(
        pg_catalog.pg_typeof(p_have) = p_type,
        p_title || ' isa ' || p_type,
        pg_catalog.format(
            '    %s isn''t a "%s" it''s a "%s"', p_title, p_type, pg_catalog.pg_typeof(p_have)
        )
    );
$function$;

create function tap.pattern(
    p_result boolean, p_have text, p_pattern text, p_verb text, p_title text
)
returns text
language sql
volatile
as $function$
    select tap.result(
        p_result,
        p_title,
        '                  ' || coalesce(pg_catalog.quote_literal(p_have), 'NULL')
        || E'\n' || pg_catalog.lpad(p_verb, 16) || ': '
        || coalesce(pg_catalog.quote_literal(p_pattern), 'NULL')
    );
$function$;

create function tap.matches(p_have text, p_pattern text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.pattern(p_have ~ p_pattern, p_have, p_pattern, 'doesn''t match', p_title);
$function$;

create function tap.doesnt_match(p_have text, p_pattern text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.pattern(p_have !~ p_pattern, p_have, p_pattern, 'matches', p_title);
$function$;

create function tap.alike(p_have text, p_pattern text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.pattern(p_have ~~ p_pattern, p_have, p_pattern, 'doesn''t match', p_title);
$function$;

create function tap.unalike(p_have text, p_pattern text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.pattern(p_have !~~ p_pattern, p_have, p_pattern, 'matches', p_title);
$function$;

-- Errors. A first argument without white space is the name of a prepared statement, as in pgTAP.

create function tap.query(p_query text)
returns text
language sql
immutable
as $function$
    select case
        when p_query like '"%' or p_query !~ '[[:space:]]' then 'execute ' || p_query else p_query
    end;
$function$;

create function tap.throws_ok(p_query text, p_errcode text, p_message text, p_title text)
returns text
language plpgsql
volatile
as $function$
declare
    v_title text := coalesce(
        p_title,
        'threw ' || p_errcode || ': ' || p_message,
        'threw ' || p_errcode,
        'threw ' || p_message,
        'threw an exception'
    );
    v_wanted text := E'\n      wanted: ' || coalesce(p_errcode, 'an exception');
begin
    execute tap.query(p_query);
    return tap.result(false, v_title, '      caught: no exception' || v_wanted);
exception
    -- Whatever was raised is the finding; without the second condition an assert would pass by.
    when others or assert_failure then
        return tap.result(
            (p_errcode is null or sqlstate = p_errcode)
            and (p_message is null or sqlerrm = p_message),
            v_title,
            '      caught: ' || sqlstate || ': ' || sqlerrm || v_wanted
            || coalesce(': ' || p_message, '')
        );
end;
$function$;

-- As in pgTAP, a second argument of five bytes is the code, any other the message.
create function tap.throws_ok(
    p_query text, p_errcode_or_message text default null, p_message_or_title text default null
)
returns text
language sql
volatile
as $function$
    select case
        when pg_catalog.octet_length(p_errcode_or_message) = 5
        then tap.throws_ok(p_query, p_errcode_or_message, p_message_or_title, null)
        else tap.throws_ok(p_query, null, p_errcode_or_message, p_message_or_title)
    end;
$function$;

create function tap.throws_ok(
    p_query text, p_errcode integer, p_message text default null, p_title text default null
)
returns text
language sql
volatile
as $function$
    select tap.throws_ok(p_query, p_errcode::text, p_message, p_title);
$function$;

create function tap.throws_like(p_query text, p_pattern text, p_title text)
returns text
language plpgsql
volatile
as $function$
begin
    execute tap.query(p_query);
    return tap.result(false, p_title, '    no exception thrown');
exception
    when others then
        return tap.result(
            sqlerrm ~~ p_pattern,
            p_title,
            '   error message: ' || coalesce(pg_catalog.quote_literal(sqlerrm), 'NULL')
            || E'\n   doesn''t match: ' || coalesce(pg_catalog.quote_literal(p_pattern), 'NULL')
        );
end;
$function$;

create function tap.throws_like(p_query text, p_pattern text)
returns text
language sql
volatile
as $function$
    select tap.throws_like(
        p_query, p_pattern,
        'Should throw exception like ' || pg_catalog.quote_literal(p_pattern)
    );
$function$;

create function tap.lives_ok(p_query text, p_title text default null)
returns text
language plpgsql
volatile
as $function$
declare
    v_detail text;
    v_hint text;
    v_context text;
    v_schema text;
    v_table text;
    v_column text;
    v_constraint text;
    v_type text;
begin
    execute tap.query(p_query);
    return tap.ok(true, p_title);
exception
    when others or assert_failure then
        get stacked diagnostics
            v_detail = pg_exception_detail,
            v_hint = pg_exception_hint,
            v_context = pg_exception_context,
            v_schema = schema_name,
            v_table = table_name,
            v_column = column_name,
            v_constraint = constraint_name,
            v_type = pg_datatype_name;
        return tap.result(
            false,
            p_title,
            '    died: ' || sqlstate || ': ' || sqlerrm
            || coalesce(E'\n        DETAIL:     ' || nullif(v_detail, ''), '')
            || coalesce(E'\n        HINT:       ' || nullif(v_hint, ''), '')
            || coalesce(E'\n        SCHEMA:     ' || nullif(v_schema, ''), '')
            || coalesce(E'\n        TABLE:      ' || nullif(v_table, ''), '')
            || coalesce(E'\n        COLUMN:     ' || nullif(v_column, ''), '')
            || coalesce(E'\n        CONSTRAINT: ' || nullif(v_constraint, ''), '')
            || coalesce(E'\n        TYPE:       ' || nullif(v_type, ''), '')
            || E'\n        CONTEXT:\n'
            || pg_catalog.regexp_replace(v_context, '^', '            ', 'gn')
        );
end;
$function$;

-- Not of pgTAP: the values of a refusal are compared like any others. Null where nothing was
-- raised, so that what was expected to fail and did not is unequal to them.
create function tap.detail_of(p_call text)
returns jsonb
language plpgsql
volatile
as $function$
declare
    v_detail text;
begin
    execute p_call;
    return null;
exception
    when others then
        get stacked diagnostics v_detail = pg_exception_detail;
        return v_detail;
end;
$function$;

-- Rows

-- Not of pgTAP either: what may be left out of the rows of a schema's tables.
create function tap.nullable_columns(p_schema text)
returns table (table_name text, columns text)
language sql
stable
as $function$
select c.relname::text, string_agg(a.attname::text, ' ' order by a.attname)
from pg_catalog.pg_class as c
inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid
where c.relnamespace = p_schema::regnamespace and c.relkind in ('r', 'p')
and not c.relispartition and a.attnum > 0 and not a.attisdropped and not a.attnotnull
group by c.relname
order by c.relname;
$function$;

create function tap.cursor_for(p_query text)
returns refcursor
language plpgsql
volatile
as $function$
declare
    v_cursor refcursor;
begin
    open v_cursor for execute tap.query(p_query);
    return v_cursor;
end;
$function$;

create function tap.cursor_for(p_values anyarray)
returns refcursor
language plpgsql
volatile
as $function$
declare
    v_cursor refcursor;
begin
    open v_cursor for
    select p_values[s.i]
    from pg_catalog.generate_subscripts(p_values, 1) as s (i)
    order by s.i;
    return v_cursor;
end;
$function$;

create function tap.results_eq(p_have refcursor, p_want refcursor, p_title text default null)
returns text
language plpgsql
volatile
as $function$
declare
    v_have record;
    v_want record;
    v_have_found boolean;
    v_want_found boolean;
    v_row integer := 1;
    v_rows text;
begin
    loop
        fetch p_have into v_have;
        v_have_found := found;
        fetch p_want into v_want;
        v_want_found := found;
        v_rows := E':\n        have: ' || case when v_have_found then v_have::text else 'NULL' end
            || E'\n        want: ' || case when v_want_found then v_want::text else 'NULL' end;
        exit when not v_have_found and not v_want_found;
        if v_have is distinct from v_want or v_have_found <> v_want_found then
            return tap.result(
                false, p_title, '    Results differ beginning at row ' || v_row || v_rows
            );
        end if;
        v_row := v_row + 1;
    end loop;
    return tap.ok(true, p_title);
exception
    when datatype_mismatch then
        return tap.result(
            false,
            p_title,
            '    Number of columns or their types differ between the queries'
            || case when v_have::text = v_want::text then '' else v_rows end
            || E'\n        ERROR: ' || sqlerrm
        );
end;
$function$;

create function tap.results_eq(p_have text, p_want text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.results_eq(tap.cursor_for(p_have), tap.cursor_for(p_want), p_title);
$function$;

create function tap.results_eq(p_have text, p_want anyarray, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.results_eq(tap.cursor_for(p_have), tap.cursor_for(p_want), p_title);
$function$;

create function tap.results_eq(p_have text, p_want refcursor, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.results_eq(tap.cursor_for(p_have), p_want, p_title);
$function$;

create function tap.results_eq(p_have refcursor, p_want text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.results_eq(p_have, tap.cursor_for(p_want), p_title);
$function$;

create function tap.results_eq(p_have refcursor, p_want anyarray, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.results_eq(p_have, tap.cursor_for(p_want), p_title);
$function$;

create function tap.is_empty(p_query text, p_title text default null)
returns text
language plpgsql
volatile
as $function$
declare
    v_row record;
    v_rows text[] := '{}';
begin
    for v_row in execute tap.query(p_query) loop
        v_rows := v_rows || v_row::text;
    end loop;
    return tap.result(
        pg_catalog.cardinality(v_rows) = 0,
        p_title,
        E'    Unexpected records:\n        '
        || pg_catalog.array_to_string(v_rows, E'\n        ')
    );
end;
$function$;

create function tap.isnt_empty(p_query text, p_title text default null)
returns text
language plpgsql
volatile
as $function$
declare
    v_row record;
    v_found boolean;
begin
    for v_row in execute tap.query(p_query) loop
        exit;
    end loop;
    v_found := found;
    return tap.ok(v_found, p_title);
end;
$function$;

create function tap.column_types(p_table text)
returns text
language sql
stable
as $function$
    select pg_catalog.string_agg(
        pg_catalog.format_type(a.atttypid, a.atttypmod), ',' order by a.attnum
    )
    from pg_catalog.pg_attribute as a
    where a.attrelid = p_table::regclass
    and a.attnum > 0
    and not a.attisdropped;
$function$;

-- Compares two temporary tables that the callers have filled, and drops them.
create function tap.compare_tables(p_all text, p_title text)
returns text
language plpgsql
volatile
as $function$
declare
    v_extra text[];
    v_missing text[];
    v_failure text;
begin
    begin
        execute pg_catalog.format(
            'select pg_catalog.array_agg(r::text)
            from (table pg_temp.tap_have except %1$s table pg_temp.tap_want) as r', p_all
        ) into v_extra;
        execute pg_catalog.format(
            'select pg_catalog.array_agg(r::text)
            from (table pg_temp.tap_want except %1$s table pg_temp.tap_have) as r', p_all
        ) into v_missing;
        v_failure := pg_catalog.concat_ws(
            E'\n',
            E'    Extra records:\n        '
            || pg_catalog.array_to_string(v_extra, E'\n        '),
            E'    Missing records:\n        '
            || pg_catalog.array_to_string(v_missing, E'\n        ')
        );
    exception
        when syntax_error or datatype_mismatch then
            v_failure := E'    Columns differ between queries:\n        have: ('
                || tap.column_types('pg_temp.tap_have') || E')\n        want: ('
                || tap.column_types('pg_temp.tap_want') || ')';
    end;
    drop table pg_temp.tap_have, pg_temp.tap_want;
    return tap.result(v_failure = '', p_title, v_failure);
end;
$function$;

create function tap.rows_eq(p_have text, p_want text, p_all text, p_title text)
returns text
language plpgsql
volatile
as $function$
begin
    execute 'create temporary table tap_have as ' || tap.query(p_have);
    execute 'create temporary table tap_want as ' || tap.query(p_want);
    return tap.compare_tables(p_all, p_title);
end;
$function$;

create function tap.rows_eq(p_have text, p_want anyarray, p_all text, p_title text)
returns text
language plpgsql
volatile
as $function$
begin
    execute 'create temporary table tap_have as ' || tap.query(p_have);
    create temporary table tap_want as select v from pg_catalog.unnest(p_want) as u (v);
    return tap.compare_tables(p_all, p_title);
end;
$function$;

create function tap.set_eq(p_have text, p_want text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.rows_eq(p_have, p_want, '', p_title);
$function$;

create function tap.set_eq(p_have text, p_want anyarray, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.rows_eq(p_have, p_want, '', p_title);
$function$;

create function tap.bag_eq(p_have text, p_want text, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.rows_eq(p_have, p_want, 'all', p_title);
$function$;

create function tap.bag_eq(p_have text, p_want anyarray, p_title text default null)
returns text
language sql
volatile
as $function$
    select tap.rows_eq(p_have, p_want, 'all', p_title);
$function$;

grant usage on schema tap to public;
grant execute on all functions in schema tap to public;
