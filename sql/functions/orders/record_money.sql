-- Let an order follow its payments: called by every function of payments that has changed an
-- amount, under the order's lock.
--
-- A pending order that is covered is confirmed, and its holds become a sale. One that has expired
-- meanwhile comes back to life, if its stock can still be had, if it is still known whom it is for,
-- and if its user may have so much; one that was cancelled does not.
--
-- A caller that has locked stock may not reserve more, since that would be in no order: an order
-- that lacks units stays pending then, for the sweeper.
-- What is left over is for payment.adjust_to_due, which the caller calls.
create or replace function orders.record_money(
    p_order_id bigint, p_may_reserve boolean default true
)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders := orders.lock_order(p_order_id);
    v_money constant record := orders.money_of(p_order_id);
    v_due constant numeric := v_order.total - v_order.credit_total;
    v_status constant text := orders.payment_status_of(
        v_due, v_money.authorized, v_money.captured, v_money.refunded, v_money.charged_back
    );
    v_is_changed constant boolean := v_status <> v_order.payment_status;
    v_is_paid constant boolean := v_order.paid_at is null
        and v_money.captured > 0 and v_money.captured >= v_due
        -- That nothing is due of a cancelled order does not mean that it was paid.
        and (v_due > 0 or v_money.captured >= v_order.total);
    v_now constant timestamptz := clock_timestamp();
    v_variant_ids bigint[];
    v_quantities integer[];
begin
    if v_is_paid or v_is_changed then
        update orders.orders as o
        set
            payment_status = v_status,
            paid_at = case when v_is_paid then v_now else o.paid_at end,
            version = o.version + 1,
            updated_at = v_now,
            updated_by = core.actor()
        where o.order_id = p_order_id
        returning o.* into v_order;
    else
        -- Written all the same: at the stricter isolation levels that is what tells another call
        -- that the payments are not those it has read.
        update orders.orders as o
        set version = o.version
        where o.order_id = p_order_id;
    end if;

    if v_order.status in ('pending', 'expired') and v_money.covered >= v_due
    and (
        v_order.status = 'pending' or v_money.covered > 0 and not exists (
            select
            from orders.order_contacts as c
            where c.order_id = p_order_id and c.erased_at is not null
        )
        and orders.fits_unit_limits(v_order)
    ) then
        select array_agg(i.variant_id), array_agg(i.quantity - i.qty_cancelled)
        into v_variant_ids, v_quantities
        from orders.order_items as i
        where i.order_id = p_order_id and i.quantity > i.qty_cancelled;
        if inventory.consume_order_holds(
            p_order_id, v_variant_ids, v_quantities, p_may_reserve
        ) then
            v_order := orders.change_status(
                v_order, 'confirmed', case v_order.status when 'expired' then 'paid late' end
            );
        elsif v_order.status = 'pending' and p_may_reserve then
            -- Nothing keeps the units back any more, and somebody else has them.
            v_order := orders.kill_order(v_order, 'cancelled', 'out of stock');
        end if;
    end if;
    -- Last, so that it is numbered by the version that the call leaves.
    -- Where cancelling it has changed the status once more, that was told already.
    if (v_is_paid or v_is_changed) and v_order.payment_status = v_status then
        perform events.emit(
            'order.payment_changed', 'order', array[p_order_id], array[v_order.version],
            array[jsonb_build_object(
                'order_id', p_order_id, 'order_number', v_order.order_number,
                'payment_status', v_status, 'paid_at', v_order.paid_at,
                'version', v_order.version
            )]
        );
    end if;
    return v_order;
end;
$function$;

comment on function orders.record_money(bigint, boolean) is
'Recomputes payment_status and paid_at of an order from its payments and moves it accordingly: a
pending order that is covered is confirmed (or cancelled where its stock is gone), an expired one
revived if its stock can be had, its contact was not erased and its user may have so many units;
or, where nothing may be reserved, only if it holds all that it needs. Returns it as it is now.
Errors: ORDER_NOT_FOUND.';
