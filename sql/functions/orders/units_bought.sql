-- Units of a variant that a user has in live orders. Under the user's lock nobody adds any. Each of
-- the user's orders is looked at by its key: a join might read all orders of the variant.
create or replace function orders.units_bought(p_user_id bigint, p_variant_id bigint)
returns bigint
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    return coalesce((
        select sum((
            select sum(i.quantity - i.qty_cancelled - i.qty_returned)
            from orders.order_items as i
            where i.variant_id = p_variant_id and i.order_id = o.order_id
        ))
        from orders.orders as o
        where o.user_id = p_user_id and o.status not in ('cancelled', 'expired')
    ), 0);
end;
$function$;

comment on function orders.units_bought(bigint, bigint) is
'Units of a variant in the orders of a user that are neither cancelled nor expired, less what was
cancelled or has come back.';
