-- Refuse an address with unknown, missing or malformed fields.
create or replace function account.check_address(p_address jsonb)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_field text;
    v_expected text;
begin
    select f.field, f.expected
    into v_field, v_expected
    from (
        select p.field, p.expected, 1 as pass
        from core.item_problems(jsonb_build_array(p_address), jsonb_build_object(
            'recipient', 'text', 'company?', 'text', 'line1', 'text', 'line2?', 'text',
            'postal_code?', 'text', 'city', 'text', 'region?', 'text', 'country', 'text',
            'phone?', 'text'
        )) as p
        union all
        select
            e.key,
            case e.key
                when 'country' then 'two capital letters of ISO 3166, such as GB'
                when 'phone' then 'a number in E.164, such as +442071838750'
                when 'postal_code' then 'at most 20 characters, no white space at an end'
                else 'at most 200 characters, no white space at an end'
            end,
            2
        from jsonb_each_text(
            case when jsonb_typeof(p_address) = 'object' then p_address else '{}' end
        ) as e
        where case e.key
            when 'country' then e.value !~ '^[A-Z]{2}$'
            when 'phone' then e.value !~ '^[+][1-9][0-9]{6,14}$'
            else length(e.value) > case e.key when 'postal_code' then 20 else 200 end
            or e.value ~ '^[[:space:]]|[[:space:]]$'
        end
    ) as f
    order by f.pass, f.field
    limit 1;
    if found then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_address', 'field', v_field, 'expected', v_expected
        ));
    end if;
end;
$function$;

comment on function account.check_address(jsonb) is
'Refuses what is no object with recipient, line1, city, country and, where given, company, line2,
postal_code, region, phone. Errors: INVALID_ARGUMENT.';
