-- Refuse items and details of an order that are malformed, naming the field.
create or replace function orders.check_order_request(
    p_items jsonb, p_details jsonb, p_is_agreed boolean
)
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
    if orders.is_plain_request(p_items, p_details, p_is_agreed) then
        return;
    end if;
    perform core.check_item_count(p_items, 1000);
    select p.problem into v_problem
    from (
        select jsonb_build_object('item', i.ordinality, 'field', f.field) || k.problem as problem
        from jsonb_array_elements(p_items) with ordinality as i
        cross join (values ('discounts', 'discount'), ('taxes', 'tax')) as f (field, kind)
        cross join lateral orders.adjustment_problem(
            case when jsonb_typeof(i.value) = 'object' then i.value -> f.field end, f.kind
        ) as k (problem)
        where k.problem is not null
        union all
        select
            jsonb_build_object('item', p.item, 'field', p.field, 'expected', p.expected)
        from core.item_problems(
            (
                select jsonb_agg(
                    case when jsonb_typeof(i.value) = 'object'
                        then i.value - '{discounts,taxes}'::text[]
                        else i.value
                    end order by i.ordinality
                )
                from jsonb_array_elements(p_items) with ordinality as i
            ),
            '{"sku": "text", "quantity": "positive", "expected_price?": "amount"}'
            || case when p_is_agreed then '{"unit_price?": "amount", "reason?": "text"}'
                else '{}'
            end::jsonb
        ) as p
        order by 1
        limit 1
    ) as p;
    if v_problem is not null then
        perform core.refuse('22023', jsonb_build_object('argument', 'p_items') || v_problem);
    end if;

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

comment on function orders.check_order_request(jsonb, jsonb, boolean) is
'Refuses items (1 to 1,000 objects) and details that are malformed, those of an order at agreed
prices if it says so. Errors: INVALID_ARGUMENT.';
