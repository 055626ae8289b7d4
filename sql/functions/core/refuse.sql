-- Refuse a call: the code is literal at the call, its words are in the registry.
create or replace function core.refuse(
    p_sqlstate text,
    p_detail jsonb,
    p_hint text default null
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_code record;
begin
    select c.name, c.meaning, c.remedy
    into strict v_code
    from core.error_codes as c
    where c.sqlstate = p_sqlstate;

    raise exception using
        errcode = p_sqlstate,
        message = v_code.meaning,
        detail = (jsonb_build_object('error', v_code.name) || p_detail)::text,
        hint = coalesce(p_hint, v_code.remedy);
end;
$function$;

comment on function core.refuse(text, jsonb, text) is
'Raises a registered SQLSTATE with its message and remedy; DETAIL is the object and its name.';
