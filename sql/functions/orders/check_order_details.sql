-- Refuse details of an order that are malformed, naming the field.
--
-- Every order comes through here, so that the usual form is told first, without regular expressions
-- and field by field, so that what is not there costs nothing. It may miss what is fine, and what
-- follows finds out. A text of jsonb without a backslash has no control characters.
create or replace function orders.check_order_details(p_details jsonb)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_problem jsonb;
    v_field text;
begin
    <<usual>>
    begin
        exit usual when jsonb_typeof(p_details) <> 'object'
            or strpos(p_details::text, chr(92)) > 0
            or p_details - '{
                email,phone,shipping_address,billing_address,shipping,discounts,taxes
            }'::text[] <> '{}';
        if p_details ? 'email' then
            exit usual when not coalesce(
                length(p_details ->> 'email') between 3 and 254
                and strpos(p_details ->> 'email', '@') > 1
                and length(translate(p_details ->> 'email', '@ ', ''))
                = length(p_details ->> 'email') - 1
                and p_details ->> 'email' not like '%@', false
            );
        end if;
        if p_details ? 'phone' then
            exit usual when not coalesce(
                p_details ->> 'phone' like '+_%' and p_details ->> 'phone' not like '+0%'
                and length(p_details ->> 'phone') between 8 and 16
                and translate(substr(p_details ->> 'phone', 2), '0123456789', '') = '', false
            );
        end if;
        if p_details ? 'shipping_address' then
            exit usual when not orders.is_plain_address(p_details -> 'shipping_address');
        end if;
        if p_details ? 'billing_address' then
            exit usual when not orders.is_plain_address(p_details -> 'billing_address');
        end if;
        if p_details ? 'shipping' then
            exit usual when not orders.is_plain_shipping(p_details -> 'shipping');
        end if;
        if p_details ?| '{discounts,taxes}' then
            exit usual when coalesce(
                orders.adjustment_problem(p_details -> 'discounts', 'discount'),
                orders.adjustment_problem(p_details -> 'taxes', 'tax')
            ) is not null;
        end if;
        return;
    end;

    if jsonb_typeof(p_details) <> 'object' then
        v_problem := '{"expected": "an object"}';
    else
        select jsonb_build_object('field', k.key, 'expected', 'no such field; known are email, '
            || 'phone, shipping_address, billing_address, shipping, discounts, taxes, '
            || 'expected_total, prices_include_tax')
        into v_problem
        from jsonb_object_keys(p_details) as k (key)
        where k.key not in (
            'email', 'phone', 'shipping_address', 'billing_address', 'shipping', 'discounts',
            'taxes', 'expected_total', 'prices_include_tax'
        )
        order by 1
        limit 1;
        if v_problem is null then
            foreach v_field in array '{discounts,taxes}'::text[] loop
                v_problem := coalesce(v_problem, jsonb_build_object('field', v_field)
                    || orders.adjustment_problem(
                        p_details -> v_field,
                        case v_field when 'taxes' then 'tax' else 'discount' end
                    ));
            end loop;
        end if;
        if v_problem is null then
            select jsonb_build_object('field', f.field, 'expected', f.expected) into v_problem
            from (
                values
                ('email', 'string', 'text'), ('phone', 'string', 'text'),
                ('prices_include_tax', 'boolean', 'true or false'),
                ('shipping_address', 'object', 'an object'),
                ('billing_address', 'object', 'an object')
            ) as f (field, type, expected)
            where jsonb_typeof(p_details -> f.field) <> f.type
            limit 1;
        end if;
        if v_problem is null and exists (
            select from core.item_problems(
                jsonb_build_array(jsonb_build_object('amount', p_details -> 'expected_total')),
                '{"amount": "amount"}'
            )
        ) and p_details ? 'expected_total' then
            v_problem := '{"field": "expected_total", "expected": "an amount"}';
        elsif v_problem is null and p_details ? 'shipping'
        and not orders.is_plain_shipping(p_details -> 'shipping') then
            v_problem := jsonb_build_object('field', 'shipping', 'expected',
                '{"method"?, "amount"?, "discount"?, "tax_rate"?}: numbers, and a rate from 0 to 1'
                || ' with at most 6 decimals');
        elsif v_problem is null and p_details -> 'shipping' ->> 'method' ~ '[[:cntrl:]]' then
            v_problem := '{"field": "shipping", "expected": "no control characters"}';
        end if;
    end if;
    if v_problem is not null then
        perform core.refuse('22023', jsonb_build_object('argument', 'p_details') || v_problem);
    end if;
    if p_details ? 'email' then
        perform account.check_email(p_details ->> 'email');
    end if;
    perform account.check_phone(p_details ->> 'phone');
    if p_details ? 'shipping_address' then
        perform account.check_address(p_details -> 'shipping_address');
    end if;
    if p_details ? 'billing_address' then
        perform account.check_address(p_details -> 'billing_address');
    end if;
end;
$function$;

comment on function orders.check_order_details(jsonb) is
'Refuses details of an order that are malformed. Errors: INVALID_ARGUMENT.';
