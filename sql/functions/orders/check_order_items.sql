-- Refuse items of an order that are malformed, naming item and field.
--
-- Every order comes through here, so that the usual form is told by one look, without regular
-- expressions; it may miss what is fine, and what follows finds out.
create or replace function orders.check_order_items(p_items jsonb, p_is_agreed boolean)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_problem jsonb;
begin
    if jsonb_typeof(p_items) = 'array' and jsonb_array_length(p_items) between 1 and 1000
    and not p_is_agreed and (
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
    ) then
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
end;
$function$;

comment on function orders.check_order_items(jsonb, boolean) is
'Refuses items of an order (1 to 1,000 objects) that are malformed, those of one at agreed prices if
it says so. Errors: INVALID_ARGUMENT.';
