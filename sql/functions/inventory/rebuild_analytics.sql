-- Build the days that have changed since the last time.
--
-- Movements of a stock row are numbered under its lock, so what is new is what follows the number
-- in inventory.analytics_progress: also a movement that was written before midnight and committed
-- after it. From the day of the oldest new movement on, a variant's days are built again. Only one
-- call works at a time; it locks no stock.
create or replace function inventory.rebuild_analytics(p_limit integer default 1000)
returns table (variant_id bigint, from_day date, days bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- Plans that a session made while the tables were empty are kept until they are analyzed.
set enable_seqscan = off
as $function$
#variable_conflict use_column
declare
    v_done record;
    v_variant_ids bigint[];
    v_location_ids bigint[];
    v_through bigint[];
    v_from date[];
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of variants from 1 to 100000'
        ));
    end if;
    perform from inventory.stock_jobs as j where j.job = 'rebuild_analytics' for update;

    with changed as (
        select i.variant_id
        from inventory.inventory as i
        left join inventory.analytics_progress as p
            on p.variant_id = i.variant_id and p.location_id = i.location_id
        where i.last_seq > coalesce(p.seq, 0)
        group by i.variant_id
        order by i.variant_id
        limit p_limit
    ),
    stock as (
        select
            i.variant_id, i.location_id, i.last_seq, n.created_at
        from changed as c
        inner join inventory.inventory as i on i.variant_id = c.variant_id
        left join inventory.analytics_progress as p
            on p.variant_id = i.variant_id and p.location_id = i.location_id
        left join inventory.inventory_movements as n
            on n.variant_id = i.variant_id and n.location_id = i.location_id
            and n.seq = coalesce(p.seq, 0) + 1
        where i.last_seq is not null
    )
    select
        array_agg(s.variant_id order by s.variant_id, s.location_id),
        array_agg(s.location_id order by s.variant_id, s.location_id),
        array_agg(s.last_seq order by s.variant_id, s.location_id),
        array_agg(s.from_day order by s.variant_id, s.location_id)
    into v_variant_ids, v_location_ids, v_through, v_from
    from (
        select
            k.variant_id, k.location_id, k.last_seq,
            (min(k.created_at) over (partition by k.variant_id) at time zone 'UTC')::date
                as from_day
        from stock as k
    ) as s;

    for v_done in
        with stock as (
            select u.*
            from unnest(v_variant_ids, v_location_ids, v_through, v_from)
                as u (variant_id, location_id, through_seq, from_day)
        ),
        -- What was there when the first of these days began.
        base as (
            select s.variant_id, a.closing, a.sellable_closing
            from (select distinct t.variant_id, t.from_day from stock as t) as s
            cross join lateral (
                select y.closing, y.sellable_closing
                from inventory.inventory_analytics as y
                where y.variant_id = s.variant_id and y.day < s.from_day
                order by y.day desc
                limit 1
            ) as a
        ),
        moves as (
            select
                s.variant_id, m.kind, m.on_hand_delta as delta,
                m.on_hand_delta - m.damaged_delta as sellable_delta, m.created_at,
                (m.created_at at time zone 'UTC')::date as day,
                row_number() over (
                    partition by s.variant_id order by m.created_at, s.location_id, m.seq
                ) as position
            from stock as s
            cross join lateral (
                -- Backwards from the newest, so that only the movements of these days are read.
                select coalesce((
                    select o.seq
                    from inventory.inventory_movements as o
                    where o.variant_id = s.variant_id and o.location_id = s.location_id
                    and o.seq <= s.through_seq and o.created_at < s.from_day::timestamp
                    at time zone 'UTC'
                    order by o.seq desc
                    limit 1
                ), 0) as seq
            ) as f
            inner join inventory.inventory_movements as m
                on m.variant_id = s.variant_id and m.location_id = s.location_id
                and m.seq > f.seq and m.seq <= s.through_seq
        ),
        levels as (
            select
                m.*,
                b.closing is null and m.position = 1 as is_first,
                coalesce(b.sellable_closing, 0) + sum(m.sellable_delta) over (
                    partition by m.variant_id order by m.position
                ) as level,
                coalesce(lead(m.created_at) over (
                    partition by m.variant_id, m.day order by m.position
                ), (m.day + 1)::timestamp at time zone 'UTC') as next_at,
                row_number() over (partition by m.variant_id, m.day order by m.position)
                    as position_of_day
            from moves as m
            left join base as b on b.variant_id = m.variant_id
        ),
        figures as (
            select
                k.variant_id, k.day,
                sum(k.delta) filter (where k.kind = 'receipt') as received,
                -sum(k.delta) filter (where k.kind = 'shipment') as sold,
                sum(k.delta) filter (where k.kind = 'return') as returned,
                sum(k.delta) filter (where k.kind in ('opening', 'adjustment', 'damage', 'count'))
                    as adjusted,
                sum(k.delta) filter (where k.kind in ('transfer_in', 'transfer_out'))
                    as transferred,
                sum(k.delta) as delta,
                sum(k.sellable_delta) as sellable_delta,
                sum(case when k.level <= 0 then extract(epoch from k.next_at - k.created_at)
                    else 0 end
                    + case when k.position_of_day = 1 and not k.is_first
                        and k.level - k.sellable_delta <= 0
                        then extract(epoch from
                            k.created_at - k.day::timestamp at time zone 'UTC')
                        else 0 end) as seconds
            from levels as k
            group by k.variant_id, k.day
        ),
        built as (
            insert into inventory.inventory_analytics as a (
                variant_id, day, opening, received, sold, returned, adjusted, transferred,
                closing, sellable_closing, stockout_minutes
            )
            select
                g.variant_id, g.day, coalesce(b.closing, 0) + g.delta_sum - g.delta,
                coalesce(g.received, 0), coalesce(g.sold, 0), coalesce(g.returned, 0),
                coalesce(g.adjusted, 0), coalesce(g.transferred, 0),
                coalesce(b.closing, 0) + g.delta_sum,
                coalesce(b.sellable_closing, 0) + g.sellable_delta_sum,
                least(1440, floor(g.seconds / 60))
            from (
                select
                    f.*,
                    sum(f.delta) over w as delta_sum,
                    sum(f.sellable_delta) over w as sellable_delta_sum
                from figures as f
                window w as (partition by f.variant_id order by f.day)
            ) as g
            left join base as b on b.variant_id = g.variant_id
            on conflict on constraint inventory_analytics_pkey do update
                set
                    opening = excluded.opening,
                    received = excluded.received,
                    sold = excluded.sold,
                    returned = excluded.returned,
                    adjusted = excluded.adjusted,
                    transferred = excluded.transferred,
                    closing = excluded.closing,
                    sellable_closing = excluded.sellable_closing,
                    stockout_minutes = excluded.stockout_minutes,
                    rebuilt_at = excluded.rebuilt_at
            returning a.variant_id, a.day
        )
        select b.variant_id, min(b.day) as from_day, count(*) as days
        from built as b
        group by b.variant_id
        order by b.variant_id
    loop
        variant_id := v_done.variant_id;
        from_day := v_done.from_day;
        days := v_done.days;
        return next;
    end loop;

    insert into inventory.analytics_progress as p (variant_id, location_id, seq)
    select u.variant_id, u.location_id, u.through_seq
    from unnest(v_variant_ids, v_location_ids, v_through)
        as u (variant_id, location_id, through_seq)
    on conflict on constraint analytics_progress_pkey do update set seq = excluded.seq
    where p.seq <> excluded.seq;
    update inventory.stock_jobs as j
    set ran_at = clock_timestamp(), actor = core.actor()
    where j.job = 'rebuild_analytics';
end;
$function$;

comment on function inventory.rebuild_analytics(integer) is
'Brings inventory.inventory_analytics up to date for up to p_limit (1 to 100,000) variants that have
moved since the last time: repeat it until no row is returned, every hour or night. Returns a row a
variant: from which day on it was built again, and how many days. Errors: INVALID_ARGUMENT.
Replica: no (writes).';
grant execute on function inventory.rebuild_analytics(integer) to inventory_service;
