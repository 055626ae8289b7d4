-- Say that a locked cart has changed: its version, its expiry, its event and its metrics.
create or replace function cart.record_change(
    p_cart cart.carts,
    p_cause text,
    p_items jsonb,
    p_activity text default null,
    p_value numeric default 0
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_version bigint;
begin
    update cart.carts as c
    set
        version = c.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor(),
        expires_at = cart.next_expiry()
    where c.cart_id = (p_cart).cart_id
    returning c.version into v_version;
    insert into cart.cart_activities (owner, currency, kind, value)
    select
        cart.metric_owner(p_cart), (p_cart).currency, p_activity,
        least(coalesce(p_value, 0), 1e15 - 1)
    where p_activity is not null;
    perform events.emit(
        'cart.updated', 'cart', array[(p_cart).cart_id], array[v_version],
        array[jsonb_build_object(
            'cart_id', (p_cart).cart_id, 'public_id', (p_cart).public_id, 'version', v_version,
            'cause', p_cause, 'items', p_items
        )]
    );
    return v_version;
end;
$function$;

comment on function cart.record_change(cart.carts, text, jsonb, text, numeric) is
'Counts the version of a locked cart up, keeps it for another while, writes cart.updated with the
lines that changed (quantity 0 is gone) and, if one is named, an activity; returns the version.';
