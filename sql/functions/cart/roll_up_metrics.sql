-- Count what happened to carts since the last time, and forget what is old.
--
-- Each activity is deleted by the statement that counts it, so it counts once, however many run at
-- once; those of transactions that are still at work are counted next time. Rows of the metrics are
-- added to in the order of their key, up to what their columns hold.
create or replace function cart.roll_up_metrics(p_limit integer default 100000)
returns table (activities bigint, metrics bigint, deleted bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_days numeric;
begin
    if p_limit is null or p_limit not between 1 and 10000000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of activities from 1 to 10000000'
        ));
    end if;
    with counted as (
        delete from cart.cart_activities as a
        where a.activity_id = any (array(
            select s.activity_id
            from cart.cart_activities as s
            order by s.activity_id
            limit p_limit
            for update skip locked
        ))
        returning a.*
    ),
    written as (
        insert into cart.cart_metrics as m (
            day, owner, currency, adds, removals, quantity_changes, merged, abandoned, converted,
            added_value, abandoned_value, converted_value
        )
        select
            (c.created_at at time zone 'UTC')::date, c.owner, c.currency,
            count(*) filter (where c.kind = 'add'),
            count(*) filter (where c.kind = 'removal'),
            count(*) filter (where c.kind = 'quantity_change'),
            count(*) filter (where c.kind = 'merge'),
            count(*) filter (where c.kind = 'abandoned'),
            count(*) filter (where c.kind = 'converted'),
            least(coalesce(sum(c.value) filter (where c.kind = 'add'), 0), 1e15 - 1),
            least(coalesce(sum(c.value) filter (where c.kind = 'abandoned'), 0), 1e15 - 1),
            least(coalesce(sum(c.value) filter (where c.kind = 'converted'), 0), 1e15 - 1)
        from counted as c
        group by 1, 2, 3
        order by 1, 2, 3
        on conflict on constraint cart_metrics_pkey do update
            set
                adds = m.adds + excluded.adds,
                removals = m.removals + excluded.removals,
                quantity_changes = m.quantity_changes + excluded.quantity_changes,
                merged = m.merged + excluded.merged,
                abandoned = m.abandoned + excluded.abandoned,
                converted = m.converted + excluded.converted,
                added_value = least(m.added_value + excluded.added_value, 1e15 - 1),
                abandoned_value = least(m.abandoned_value + excluded.abandoned_value, 1e15 - 1),
                converted_value = least(m.converted_value + excluded.converted_value, 1e15 - 1),
                updated_at = clock_timestamp()
        returning 1
    )
    select (select count(*) from counted), (select count(*) from written)
    into activities, metrics;

    v_days := core.rule('cart_metric_days');
    with old as (
        select o.ctid as place
        from cart.cart_metrics as o
        where o.day < (statement_timestamp() at time zone 'UTC')::date - v_days::integer
        for update skip locked
    ),
    gone as (
        delete from cart.cart_metrics as m
        using old as o
        where m.ctid = o.place
        returning 1
    )
    select count(*) into deleted from gone;
    return next;
end;
$function$;

comment on function cart.roll_up_metrics(integer) is
'Adds up to p_limit (1 to 10,000,000) new activities of carts to cart.cart_metrics, and deletes
days that are older than the rule cart_metric_days; returns how many activities were counted, rows
written and rows deleted. Run it every few minutes. Errors: INVALID_ARGUMENT. Replica: no
(writes).';
grant execute on function cart.roll_up_metrics(integer) to cart_service;
