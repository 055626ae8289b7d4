-- Refuse an order that breaks rules: with the code of the rule where it is one, else with all.
create or replace function orders.refuse_draft(p_draft orders.draft)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_problems jsonb;
    v_sqlstate text;
begin
    select jsonb_agg(jsonb_build_object(
        'rule', p.rule, 'error', p.error_code, 'message', p.message
    ) || p.detail)
    into v_problems
    from orders.draft_problems(p_draft) as p;
    if jsonb_array_length(v_problems) = 1 then
        select c.sqlstate into v_sqlstate
        from core.error_codes as c
        where c.name = v_problems -> 0 ->> 'error';
        perform core.refuse(v_sqlstate, (v_problems -> 0) - 'message');
    end if;
    perform core.refuse('SHO02', jsonb_build_object('problems', v_problems));
end;
$function$;

comment on function orders.refuse_draft(orders.draft) is
'Raises the code of the rule that an order breaks, or ORDER_INVALID with all of them. Errors:
ORDER_INVALID, PRODUCT_NOT_FOUND, PRODUCT_NOT_ACTIVE, PRICE_UNAVAILABLE, PRICE_OUT_OF_RANGE,
PRICE_CHANGED, ORDER_TOO_LARGE, UNITS_PER_USER_EXCEEDED, ORDER_TOTAL_OUT_OF_RANGE,
PENDING_ORDER_LIMIT_REACHED, INSUFFICIENT_STOCK, USER_NOT_ACTIVE.';
