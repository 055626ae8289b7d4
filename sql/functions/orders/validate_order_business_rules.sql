-- Tell every rule that an order would break at once, before it is placed.
create or replace function orders.validate_order_business_rules(
    p_owner text,
    p_currency text default null,
    p_items jsonb default null,
    p_details jsonb default null
)
returns table (rule text, error_code text, message text, detail jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_user account.users;
    v_cart cart.carts;
    v_items jsonb;
    v_details jsonb;
begin
    v_user := orders.find_customer(p_owner, false);
    if p_items is null then
        v_cart := cart.find_cart(p_owner);
        if v_cart.cart_id is null or not exists (
            select from cart.cart_items as i where i.cart_id = v_cart.cart_id
        ) then
            return query
            select
                'order_lines_min', c.name, c.meaning,
                '{"problems": [{"problem": "CART_EMPTY"}]}'::jsonb
            from core.error_codes as c
            where c.sqlstate = 'SHK06';
            return;
        end if;
    end if;
    v_items := case when p_items is null then orders.cart_items(v_cart, p_details) else p_items end;
    v_details := case when p_items is null then p_details - 'items' else p_details end;
    perform orders.check_order_items(v_items, false);
    perform orders.check_order_details(coalesce(v_details, '{}'));
    return query
    select p.rule, p.error_code, p.message, p.detail
    from orders.draft_problems(orders.draft_order(
        p_owner, v_user, coalesce(v_cart.currency, p_currency), v_items, v_details
    )) as p;
end;
$function$;

comment on function orders.validate_order_business_rules(text, text, jsonb, jsonb) is
'Every rule that an order of user:<number> or session:<text> would break, a row a rule (its name,
the name and meaning of its error, the values), none where it can be placed: of items, as
orders.place_order takes them, or of the owner''s cart where they are null. Rules: user_active,
product_known, product_active, price_available, price_unchanged, total_unchanged, order_lines_min
(an empty cart), order_lines_max, order_units_max, cart_user_units_max, order_total_min,
order_total_max, pending_orders_max, stock_available. Placing refuses with the error of the rule
where one is broken, and with all of them where several are. Errors: USER_NOT_FOUND,
CURRENCY_NOT_FOUND, RULE_NOT_FOUND, INVALID_ARGUMENT. Replica: yes.';
grant execute on function orders.validate_order_business_rules(text, text, jsonb, jsonb)
to orders_service;
