-- A limit in force: that of the currency, else the general one; null where the rule is off.
create or replace function core.rule(p_name text, p_currency text default null)
returns numeric
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_value numeric;
    v_is_enabled boolean;
begin
    select r.value, r.is_enabled
    into v_value, v_is_enabled
    from core.business_rules as r
    where r.name = p_name and (r.currency = p_currency or r.currency is null)
    order by r.currency is null
    limit 1;
    if not found then
        perform core.refuse('SHC03', jsonb_build_object('name', p_name));
    end if;
    return case when v_is_enabled then v_value end;
end;
$function$;

comment on function core.rule(text, text) is
'The value of a business rule in force, null where it is off. Errors: RULE_NOT_FOUND.';
