-- Edit a limit. Rows that keep a copy of the old one are not touched.
create or replace function core.set_business_rule(
    p_name text,
    p_value numeric,
    p_expected_version bigint,
    p_currency text default null,
    p_is_enabled boolean default null
)
returns table (name text, currency text, value numeric, is_enabled boolean, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_general core.business_rules;
    v_rule core.business_rules;
    v_is_enabled boolean;
begin
    perform core.check_currency(p_currency) where p_currency is not null;

    -- The general row is the rule itself: locking it lets two editors of one rule queue up, also
    -- when both are the first to give a currency a row of its own.
    select r.* into v_general
    from core.business_rules as r
    where r.name = p_name and r.currency is null
    for update;
    if not found then
        perform core.refuse('SHC03', jsonb_build_object('name', p_name));
    end if;
    if p_value is null or p_value < 0
    or v_general.unit = 'money' and (p_value >= 1e15 or p_value <> round(p_value, 4))
    or v_general.unit <> 'money' and (p_value > 999999999 or p_value <> trunc(p_value))
    or v_general.unit = 'days' and p_value > 36500 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_value', 'unit', v_general.unit,
            'expected', 'an amount from 0 to below 1e15 with at most 4 decimals, or, for what is '
            || 'counted, a whole number from 0 to 999999999, of days to 36500'
        ));
    end if;
    if p_currency is not null and v_general.unit <> 'money' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_currency', 'name', p_name,
            'expected', 'null: the rule is not about money'
        ));
    end if;
    select r.* into v_rule
    from core.business_rules as r
    where r.name = p_name and r.currency is not distinct from p_currency
    for update;
    if coalesce(v_rule.version, 0) is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'name', p_name, 'currency', p_currency,
            'expected_version', p_expected_version, 'version', coalesce(v_rule.version, 0)
        ));
    end if;

    v_is_enabled := coalesce(p_is_enabled, v_rule.is_enabled, v_general.is_enabled);
    insert into core.business_rules as r (
        name, currency, value, is_enabled, unit, description, updated_by
    )
    values (
        p_name, p_currency, p_value, v_is_enabled, v_general.unit, v_general.description,
        core.actor()
    )
    on conflict on constraint business_rules_name_currency_key do update
        set
            value = excluded.value,
            is_enabled = excluded.is_enabled,
            version = r.version + 1,
            updated_at = clock_timestamp(),
            updated_by = excluded.updated_by
    returning r.* into v_rule;

    perform events.emit(
        'rule.updated', 'business_rule', array[v_rule.business_rule_id], array[v_rule.version],
        array[jsonb_build_object(
            'name', p_name, 'currency', p_currency, 'value', v_rule.value,
            'is_enabled', v_is_enabled, 'version', v_rule.version
        )]
    );
    return query
    select v_rule.name, v_rule.currency, v_rule.value, v_rule.is_enabled, v_rule.version;
end;
$function$;

comment on function core.set_business_rule(text, numeric, bigint, text, boolean) is
'Sets a limit, in general or for one currency, against the version that the editor saw (0 for a
currency that has no row of its own yet), and whether it is on (null keeps that); returns it as it
is now. Rows that keep a copy of the old limit stay as they are. Errors: RULE_NOT_FOUND,
CURRENCY_NOT_FOUND, CONCURRENT_MODIFICATION, INVALID_ARGUMENT. Replica: no (writes).';
-- Not to core_service: every service is a member of it, and limits are not theirs to change.
grant execute on function core.set_business_rule(text, numeric, bigint, text, boolean)
to ops_service;
