-- Whether items and details have their usual form: a short check without regular expressions, since
-- every order comes through here. It may say no to what is fine, and orders.check_order_request
-- finds out; it never says yes to what is not. A text of jsonb without a backslash has no control
-- characters.
create or replace function orders.is_plain_request(
    p_items jsonb, p_details jsonb, p_is_agreed boolean
)
returns boolean
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if jsonb_typeof(p_items) is distinct from 'array'
    or jsonb_array_length(p_items) not between 1 and 1000
    or jsonb_typeof(p_details) <> 'object' or p_is_agreed then
        return false;
    end if;
    if p_details <> '{}' and not coalesce(
        strpos(p_details::text, chr(92)) = 0
        and p_details - '{
            email,phone,shipping_address,billing_address,shipping,discounts,taxes,
            expected_total,prices_include_tax
        }'::text[] = '{}'
        and (
            not p_details ? 'email'
            or length(p_details ->> 'email') between 3 and 254
            and strpos(p_details ->> 'email', '@') > 1
            and length(translate(p_details ->> 'email', '@ ', ''))
            = length(p_details ->> 'email') - 1
            and p_details ->> 'email' not like '%@'
        )
        and (
            not p_details ? 'phone'
            or p_details ->> 'phone' like '+_%' and p_details ->> 'phone' not like '+0%'
            and length(p_details ->> 'phone') between 8 and 16
            and translate(substr(p_details ->> 'phone', 2), '0123456789', '') = ''
        )
        and (
            not p_details ? 'shipping_address'
            or orders.is_plain_address(p_details -> 'shipping_address')
        )
        and (
            not p_details ? 'billing_address'
            or orders.is_plain_address(p_details -> 'billing_address')
        )
        and coalesce(jsonb_typeof(p_details -> 'prices_include_tax'), 'boolean') = 'boolean'
        and coalesce(jsonb_typeof(p_details -> 'expected_total'), 'number') = 'number'
        and orders.adjustment_problem(p_details -> 'discounts', 'discount') is null
        and orders.adjustment_problem(p_details -> 'taxes', 'tax') is null
        and (
            not p_details ? 'shipping' or orders.is_plain_shipping(p_details -> 'shipping')
        ), false
    ) then
        return false;
    end if;
    return (
        select bool_and(coalesce(
            jsonb_typeof(i.item) = 'object'
            and i.item - '{sku,quantity,expected_price,discounts,taxes}'::text[] = '{}'
            and jsonb_typeof(i.item -> 'sku') = 'string'
            and jsonb_typeof(i.item -> 'quantity') = 'number'
            and (i.item -> 'quantity')::numeric between 1 and 999999999
            and scale((i.item -> 'quantity')::numeric) = 0
            and (
                not i.item ? 'expected_price'
                or jsonb_typeof(i.item -> 'expected_price') = 'number'
                and (i.item -> 'expected_price')::numeric between 0 and 999999999
                and scale((i.item -> 'expected_price')::numeric) <= 4
            )
            and (
                not i.item ? 'discounts'
                or orders.adjustment_problem(i.item -> 'discounts', 'discount') is null
            )
            and (
                not i.item ? 'taxes'
                or orders.adjustment_problem(i.item -> 'taxes', 'tax') is null
            ), false
        ))
        from jsonb_array_elements(p_items) as i (item)
    );
end;
$function$;

comment on function orders.is_plain_request(jsonb, jsonb, boolean) is
'Whether items and details certainly have the form that orders.check_order_request asks for.';
