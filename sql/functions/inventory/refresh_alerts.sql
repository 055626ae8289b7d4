-- Open alerts for what has become low, sold out or too much, and close those that have passed.
--
-- What may be low is found by the partial index on buckets, which knows more than is low (one
-- bucket of several may be); what is too much by that on stock rows. Neither is written by a
-- reservation unless it crosses the level. Only one call works at a time; it locks no stock.
create or replace function inventory.refresh_alerts(p_limit integer default 1000)
returns table (
    alert_id bigint, sku text, location text, kind text, status text, threshold integer,
    observed bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- Plans that a session made while the tables were empty are kept until they are analyzed.
set enable_seqscan = off
as $function$
#variable_conflict use_column
declare
    v_now timestamptz;
    v_closed inventory.inventory_alerts[];
    v_opened inventory.inventory_alerts[];
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of alerts from 1 to 100000'
        ));
    end if;
    perform from inventory.stock_jobs as j where j.job = 'refresh_alerts' for update;
    v_now := clock_timestamp();

    -- What is alarming without an alert, or has an alert and is not: each row is looked at once.
    with unclosed as materialized (
        select a.variant_id, a.location_id, a.kind, a.alert_id
        from inventory.inventory_alerts as a
        where a.closed_at is null
    ),
    candidates as (
        select b.variant_id, b.location_id from inventory.stock_buckets as b where b.is_low
        union
        select i.variant_id, i.location_id from inventory.inventory as i where i.is_overstocked
        union
        select u.variant_id, u.location_id from unclosed as u
        -- In the order of the keys of all that is looked up then.
        order by 1, 2
    ),
    changed as materialized (
        select c.variant_id, c.location_id, s.kind, s.threshold, s.units, u.alert_id
        from candidates as c
        cross join lateral inventory.watch_stock(c.variant_id, c.location_id, v_now) as s
        left join unclosed as u
            on u.variant_id = c.variant_id and u.location_id = c.location_id and u.kind = s.kind
        where s.is_alarming = (u.alert_id is null)
    ),
    passed as (
        select h.variant_id, h.alert_id, h.units
        from changed as h
        where h.alert_id is not null
        order by h.variant_id, h.alert_id
        limit p_limit
    ),
    found as (
        select h.variant_id, h.location_id, h.kind, h.threshold, h.units
        from changed as h
        where h.alert_id is null
        order by h.variant_id, h.location_id, h.kind
        limit p_limit
    ),
    closed as (
        update inventory.inventory_alerts as a
        set
            closed_at = greatest(v_now, a.opened_at),
            closed_observed = p.units,
            actor = core.actor()
        from passed as p
        where a.variant_id = p.variant_id and a.alert_id = p.alert_id
        returning a.*
    ),
    opened as (
        insert into inventory.inventory_alerts as a (
            variant_id, location_id, kind, threshold, observed, opened_at, actor
        )
        select f.variant_id, f.location_id, f.kind, f.threshold, f.units, v_now, core.actor()
        from found as f
        order by f.variant_id, f.location_id, f.kind
        returning a.*
    )
    select (select array_agg(c) from closed as c), (select array_agg(o) from opened as o)
    into v_closed, v_opened;

    perform events.emit(
        'alert.' || e.status, 'alert', array_agg(e.alert_id),
        array_agg(case e.status when 'opened' then 1 else 2 end::bigint),
        array_agg(jsonb_build_object(
            'alert_id', e.alert_id, 'variant_id', e.variant_id, 'location_id', e.location_id,
            'sku', e.sku, 'kind', e.kind, 'threshold', e.threshold, 'observed', e.observed
        ))
    )
    from (
        select
            c.status, a.alert_id, a.variant_id, a.location_id, v.sku, a.kind, a.threshold,
            coalesce(a.closed_observed, a.observed) as observed
        from (values ('closed', v_closed), ('opened', v_opened)) as c (status, alerts)
        cross join lateral unnest(c.alerts) as a
        inner join product.variants as v on v.variant_id = a.variant_id
    ) as e
    group by e.status;
    update inventory.stock_jobs as j
    set ran_at = clock_timestamp(), actor = core.actor()
    where j.job = 'refresh_alerts';

    return query
    select
        a.alert_id, v.sku, l.code, a.kind, c.status, a.threshold,
        coalesce(a.closed_observed, a.observed)
    from (values ('closed', v_closed), ('opened', v_opened)) as c (status, alerts)
    cross join lateral unnest(c.alerts) as a
    inner join product.variants as v on v.variant_id = a.variant_id
    inner join inventory.locations as l on l.location_id = a.location_id
    order by c.status, v.sku, l.rank, l.code, a.kind;
end;
$function$;

comment on function inventory.refresh_alerts(integer) is
'Opens an alert for each SKU and active location of which no more than its low-stock level is
available, nothing is available, or more is there than its overstock level, unless one is open; and
closes those that have passed. Only what is for sale is ever low. At most p_limit (1 to 100,000)
are opened and as many closed: repeat it until no row is returned, every minute or so. Returns a
row an alert: opened or closed, with the units seen. Errors: INVALID_ARGUMENT. Replica: no
(writes).';
grant execute on function inventory.refresh_alerts(integer) to inventory_service;
