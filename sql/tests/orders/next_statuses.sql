-- setup: whether the check of the history lets a move pass
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
create function pg_temp.is_allowed(p_from text, p_to text)
returns boolean
language plpgsql
volatile
as $function$
begin
    insert into orders.order_status_history (
        order_id, seq, from_status, to_status, actor, created_at
    )
    select o.order_id, 7, p_from, p_to, 'test', clock_timestamp()
    from orders.orders as o;
    raise no_data_found;
exception
    when check_violation then
        return false;
    when no_data_found or foreign_key_violation then
        return true;
end;
$function$;
delete from events.outbox_events;

-- case: the check on the history allows exactly what is listed
select is(
    (
        select array_agg(t.status order by t.status)
        from unnest(orders.next_statuses(f.status)) as t (status)
    ),
    (
        select array_agg(t.status order by t.status)
        from unnest(f.statuses) as t (status)
        where pg_temp.is_allowed(f.status, t.status)
    ),
    f.status
)
from (
    select s.status, array_agg(s.status) over () as statuses
    from unnest(array[
        'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed', 'cancelled',
        'expired'
    ]) as s (status)
) as f;
