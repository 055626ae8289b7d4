-- What is wrong with a list of discounts or of taxes. No regular expression unless something in it
-- is escaped, since most orders have taxes.
create or replace function orders.adjustment_problem(p_list jsonb, p_kind text)
returns jsonb
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    return case
        when p_list is null then null
        when jsonb_typeof(p_list) <> 'array' or jsonb_array_length(p_list) > 20
            then jsonb_build_object('expected', 'an array of at most 20 objects')
        else (
            select jsonb_build_object('element', e.ordinality, 'expected', case p_kind
                when 'tax' then
                    '{"name", "label"?, "rate"}: a rate from 0 to 1 with at most 6 decimals'
                else '{"code", "label"?, and "amount" or "rate"}: an amount from 0, '
                    || 'or a rate from 0 to 1 with at most 6 decimals'
            end)
            from jsonb_array_elements(p_list) with ordinality as e
            where not coalesce(
                jsonb_typeof(e.value) = 'object'
                and case p_kind
                    when 'tax'
                        then e.value - '{name,label,rate}'::text[] = '{}' and e.value ? 'rate'
                        and jsonb_typeof(e.value -> 'name') = 'string'
                    else e.value - '{code,label,amount,rate}'::text[] = '{}'
                    and jsonb_typeof(e.value -> 'code') = 'string'
                    and e.value ? 'amount' <> e.value ? 'rate'
                end
                and coalesce(jsonb_typeof(e.value -> 'label'), 'string') = 'string'
                and length(coalesce(e.value ->> 'name', e.value ->> 'code'))
                between 1 and 200
                and length(coalesce(e.value ->> 'label', '-')) between 1 and 500
                and (
                    strpos(e.value::text, chr(92)) = 0
                    or concat(e.value ->> 'name', e.value ->> 'code', e.value ->> 'label')
                    !~ '[[:cntrl:]]'
                )
                and case
                    when e.value ? 'rate'
                        then jsonb_typeof(e.value -> 'rate') = 'number'
                        and (e.value -> 'rate')::numeric between 0 and 1
                        and scale((e.value -> 'rate')::numeric) <= 6
                    else jsonb_typeof(e.value -> 'amount') = 'number'
                    and (e.value -> 'amount')::numeric >= 0
                    and (e.value -> 'amount')::numeric < 1e15
                end, false
            )
            limit 1
        )
    end;
end;
$function$;

comment on function orders.adjustment_problem(jsonb, text) is
'What is wrong with a list of discounts ("discount") or taxes ("tax"); null where nothing is.';
