-- Check an owner, and find what its reservations may be: items of one call, how long one lasts,
-- and how many of one variant (null for an order, whose holds take no slots). One read for all
-- three rules, and no regular expressions: this is part of the hottest call of the shop.
create or replace function inventory.reservation_limits(
    p_owner text, out items numeric, out lasts interval, out slots integer
)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_kind constant text := split_part(p_owner, ':', 1);
    v_id constant text := substr(p_owner, length(v_kind) + 2);
    v_minutes numeric;
    v_rules bigint;
    v_status text;
begin
    if p_owner is null
    or v_kind not in ('user', 'order', 'session')
    or v_kind = 'session' and length(v_id) not between 1 and 200
    or v_kind <> 'session' and (
        length(v_id) not between 1 and 18 or translate(v_id, '0123456789', '') <> ''
        or v_id like '0%'
    ) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_owner',
            'expected', 'user:<number>, order:<number> or session:<1 to 200 characters>'
        ));
    end if;
    if v_kind = 'user' then
        select u.status into v_status from account.users as u where u.user_id = v_id::bigint;
        if not found then
            perform core.refuse('SHA03', jsonb_build_object('user_id', v_id::bigint));
        elsif v_status <> 'active' then
            perform core.refuse('SHA04', jsonb_build_object(
                'user_id', v_id::bigint, 'status', v_status
            ));
        end if;
    end if;

    select
        max(r.value) filter (where r.is_enabled and r.name = 'reservation_items_max'),
        max(r.value) filter (where r.is_enabled and r.name like '%_minutes'),
        max(r.value) filter (where r.is_enabled and r.name = 'cart_holds_max'),
        count(*)
    into items, v_minutes, slots, v_rules
    from core.business_rules as r
    where r.currency is null
    and r.name in (
        'reservation_items_max', 'cart_holds_max',
        case when v_kind = 'order' then 'pending_order_minutes' else 'cart_hold_minutes' end
    );
    if v_rules < 3 then
        -- A rule that is off is no limit; one that is missing is a mistake.
        perform core.refuse('SHC03', '{"names": ["reservation_items_max", "cart_holds_max"]}');
    end if;
    -- A hold without a limit lasts a year: it ends some day, even if everybody forgets it.
    lasts := make_interval(mins => coalesce(v_minutes, 525600)::integer);
    slots := case when v_kind <> 'order' then coalesce(slots, 32767) end;
end;
$function$;

comment on function inventory.reservation_limits(text) is
'The limits in force for reservations of an owner. Errors: INVALID_ARGUMENT, USER_NOT_FOUND,
RULE_NOT_FOUND.';
