-- Refuse what is not an active hold, or has passed its expiry by the clock: whether the sweeper
-- has been there does not matter. The time is read after the lock, which may have been waited
-- for.
create or replace function inventory.check_active(
    p_reservations inventory.inventory_reservations[], p_may_be_overdue boolean
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_bad record;
begin
    select
        jsonb_agg(jsonb_build_object(
            'reservation', r.variant_id || '-' || r.reservation_id, 'expires_at', r.expires_at
        )) filter (where r.status in ('active', 'expired')) as expired,
        jsonb_agg(jsonb_build_object(
            'reservation', r.variant_id || '-' || r.reservation_id, 'status', r.status
        )) filter (where r.status not in ('active', 'expired')) as closed
    into v_bad
    from unnest(p_reservations) as r
    where r.status <> 'active' or (r.expires_at <= clock_timestamp() and not p_may_be_overdue);

    if v_bad.closed is not null then
        perform core.refuse('SHI05', jsonb_build_object(
            'reservations', v_bad.closed, 'expected', 'active'
        ));
    elsif v_bad.expired is not null then
        perform core.refuse('SHI04', jsonb_build_object('reservations', v_bad.expired));
    end if;
end;
$function$;

comment on function inventory.check_active(inventory.inventory_reservations[], boolean) is
'Refuses reservations that are closed or, unless that may be, past their expiry.
Errors: RESERVATION_CLOSED, RESERVATION_EXPIRED.';
