-- Refuse an order that is not the customer's, in the words for one that does not exist.
create or replace function orders.check_customer(p_order orders.orders, p_owner text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_owner constant record := cart.find_owner(p_owner);
begin
    if (p_order).user_id is distinct from v_owner.user_id
    or (p_order).guest_owner is distinct from 'session:' || encode(
        sha256(convert_to(v_owner.session_token, 'UTF8')), 'hex'
    ) then
        perform core.refuse('SHO01', jsonb_build_object(
            'order_number', (p_order).order_number
        ));
    end if;
end;
$function$;

comment on function orders.check_customer(orders.orders, text) is
'Refuses an order that is not that owner''s: user:<number> or session:<token>. Errors:
ORDER_NOT_FOUND, INVALID_ARGUMENT.';
