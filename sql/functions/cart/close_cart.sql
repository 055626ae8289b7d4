-- End a locked cart. Its lines stay as they were; its holds are the caller's to release.
create or replace function cart.close_cart(
    p_cart cart.carts, p_status text, p_merged_into bigint
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_version bigint;
begin
    with closed as (
        update cart.carts as c
        set
            status = p_status,
            merged_into = p_merged_into,
            session_token = null,
            version = c.version + 1,
            closed_at = clock_timestamp(),
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where c.cart_id = (p_cart).cart_id
        returning c.version
    ),
    counted as (
        insert into cart.cart_activities (owner, currency, kind, value)
        select
            cart.metric_owner(p_cart), (p_cart).currency,
            case p_status when 'expired' then 'abandoned' else p_status end,
            least(coalesce(sum(i.quantity * i.price_seen), 0), 1e15 - 1)
        from cart.cart_items as i
        where i.cart_id = (p_cart).cart_id and p_status in ('expired', 'converted')
        having count(*) > 0
    )
    select c.version into v_version from closed as c;
    perform events.emit(
        'cart.' || p_status, 'cart', array[(p_cart).cart_id], array[v_version],
        array[jsonb_build_object(
            'cart_id', (p_cart).cart_id, 'public_id', (p_cart).public_id, 'version', v_version,
            'merged_into', p_merged_into
        )]
    );
end;
$function$;

comment on function cart.close_cart(cart.carts, text, bigint) is
'Makes a locked, active cart converted, merged or expired, and forgets its session.';
