-- What the reservations of an owner may be, and whether it is one that may reserve: items of one
-- call, how long a hold lasts, and how many of one variant (null for an order, whose holds take no
-- slots).
--
-- One SELECT, so that it becomes part of the statement that asks: this is the hottest call of the
-- shop. No regular expressions for the same reason; inventory.check_owner makes errors of it.
create or replace function inventory.reservation_limits(p_owner text)
returns table (
    is_well_formed boolean, user_id bigint, user_status text, rules bigint, items numeric,
    lasts interval, slots integer, is_ready boolean
)
language sql
stable
security invoker
begin atomic
    select
        o.is_well_formed,
        o.user_id,
        u.status,
        r.rules,
        r.items,
        -- A hold without a limit lasts a year: it ends some day, even if everybody forgets it.
        make_interval(mins => coalesce(r.minutes, 525600)::integer),
        case when o.kind <> 'order' then coalesce(r.slots, 32767)::integer end,
        o.is_well_formed and r.rules = 3 and (o.kind <> 'user' or u.status = 'active')
    from (
        select
            k.kind,
            case when k.kind = 'session' then length(k.owner) between 9 and 208
                else k.is_numbered
            end as is_well_formed,
            case when k.kind = 'user' and k.is_numbered
                then split_part(k.owner, ':', 2)::bigint
            end as user_id
        from (
            select
                a.owner, split_part(a.owner, ':', 1) as kind,
                (a.owner like 'user:_%' or a.owner like 'order:_%') and a.owner not like '%:0%'
                and length(a.owner) - length(split_part(a.owner, ':', 1)) <= 19
                and translate(
                    substr(a.owner, length(split_part(a.owner, ':', 1)) + 2), '0123456789', ''
                ) = '' as is_numbered
            from (select p_owner as owner) as a
        ) as k
    ) as o
    left join lateral (
        select w.status
        from account.users as w
        where w.user_id = o.user_id
        order by w.user_id
        limit 1
    ) as u on true
    cross join lateral (
        select
            max(b.value) filter (
                where b.is_enabled and b.name = 'reservation_items_max'
            ) as items,
            max(b.value) filter (where b.is_enabled and b.name like '%_minutes') as minutes,
            max(b.value) filter (where b.is_enabled and b.name = 'cart_holds_max') as slots,
            count(*) as rules
        from core.business_rules as b
        where b.currency is null
        and b.name in (
            'reservation_items_max', 'cart_holds_max',
            case when o.kind = 'order' then 'pending_order_minutes'
                else 'cart_hold_minutes'
            end
        )
    ) as r;
end;

comment on function inventory.reservation_limits(text) is
'The limits in force for reservations of an owner, and whether it is one that may reserve.';
