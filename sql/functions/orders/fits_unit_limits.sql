-- Whether an expired order may come back to life beside what its user has bought since.
--
-- Most orders have no variant of which a user may have so many only, and lock nobody. The user
-- comes before the order in the lock order, and is therefore not waited for: whoever is busy with
-- something else at this moment may be buying the last unit that was allowed.
create or replace function orders.fits_unit_limits(p_order orders.orders)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_user_max constant numeric := core.rule('cart_user_units_max', (p_order).currency);
    v_limited jsonb;
begin
    select jsonb_agg(to_jsonb(l))
    into v_limited
    from (
        select
            i.variant_id, sum(i.quantity - i.qty_cancelled) as units,
            case when x.variant_id is null then v_user_max else x.max_units end as units_max
        from orders.order_items as i
        left join cart.variant_limits as x on x.variant_id = i.variant_id
        where i.order_id = (p_order).order_id
        group by i.variant_id, x.variant_id, x.max_units
    ) as l
    where l.units_max is not null;
    if (p_order).user_id is null or v_limited is null then
        return true;
    end if;
    perform
    from account.users as u
    where u.user_id = (p_order).user_id and u.status <> 'anonymized'
    for no key update skip locked;
    if not found then
        return false;
    end if;
    perform account.lock_user((p_order).user_id);
    return not exists (
        select
        from jsonb_to_recordset(v_limited) as l (
            variant_id bigint, units numeric, units_max numeric
        )
        where l.units + orders.units_bought((p_order).user_id, l.variant_id) > l.units_max
    );
end;
$function$;

comment on function orders.fits_unit_limits(orders.orders) is
'Whether the user of an expired order, locked here, may have its units beside those of the live
orders. False where that cannot be told because the user is locked by somebody else.';
