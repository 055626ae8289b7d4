-- Refuse a variant that is malformed.
create or replace function product.check_variant(p_variant jsonb, p_is_new boolean)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_problem record;
begin
    select p.field, p.expected
    into v_problem
    from (
        select null as field, 'an object with at least one field' as expected
        where p_variant is null or jsonb_typeof(p_variant) <> 'object' or p_variant = '{}'
        union all
        select i.field, i.expected
        from core.item_problems(
            jsonb_build_array(
                case
                    when jsonb_typeof(p_variant) = 'object'
                        then p_variant - 'options' - 'barcode' - 'weight_grams' - 'is_active'
                    else '{}'
                end
            ),
            case
                when p_is_new then '{"sku": "text", "name": "text", "position?": "count"}'
                else '{"sku?": "text", "name?": "text", "position?": "count"}'
            end::jsonb
        ) as i
        union all
        select c.key, x.expected
        from jsonb_each(case when jsonb_typeof(p_variant) = 'object' then p_variant end) as c
        inner join (
            values
            ('sku', 'text of 1 to 64 characters, no control characters, no white space at an end'),
            ('name', 'text of 1 to 500 characters, no control characters, '
                || 'no white space at an end'),
            ('options', 'an object of texts'),
            ('barcode', 'null, or 8 to 14 digits'),
            ('weight_grams', 'null, or a whole number from 1 to 999999999'),
            ('is_active', 'true or false')
        ) as x (key, expected) on x.key = c.key
        where case c.key
            when 'sku' then
                length(c.value #>> '{}') > 64 or c.value #>> '{}' ~ '^[[:space:]]|[[:space:]]$'
            when 'name' then c.value #>> '{}' ~ '^[[:space:]]|[[:space:]]$'
            when 'options' then
                jsonb_typeof(c.value) <> 'object'
                or jsonb_path_exists(c.value, 'strict $.* ? (@.type() != "string")')
            when 'barcode' then
                c.value <> 'null'
                and (jsonb_typeof(c.value) <> 'string' or c.value #>> '{}' !~ '^[0-9]{8,14}$')
            when 'weight_grams' then
                c.value <> 'null'
                and (jsonb_typeof(c.value) <> 'number' or c.value #>> '{}' !~ '^[1-9][0-9]{0,8}$')
            else jsonb_typeof(c.value) <> 'boolean'
        end
    ) as p
    order by p.field nulls first, p.expected
    limit 1;
    if found then
        perform core.refuse('22023', jsonb_strip_nulls(jsonb_build_object(
            'argument', 'p_variant', 'field', v_problem.field, 'expected', v_problem.expected
        )));
    end if;
end;
$function$;

comment on function product.check_variant(jsonb, boolean) is
'Refuses a malformed variant; a new one needs a SKU and a name. Errors: INVALID_ARGUMENT.';
