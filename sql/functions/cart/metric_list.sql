create or replace view cart.metric_list with (security_barrier = true) as
select
    m.day,
    m.owner,
    m.currency,
    sum(m.adds)::bigint as adds,
    sum(m.removals)::bigint as removals,
    sum(m.quantity_changes)::bigint as quantity_changes,
    sum(m.merged)::bigint as merged,
    sum(m.abandoned)::bigint as abandoned,
    sum(m.converted)::bigint as converted,
    sum(m.added_value) as added_value,
    sum(m.abandoned_value) as abandoned_value,
    sum(m.converted_value) as converted_value
from (
    select
        r.day, r.owner, r.currency, r.adds, r.removals, r.quantity_changes, r.merged, r.abandoned,
        r.converted, r.added_value, r.abandoned_value, r.converted_value
    from cart.cart_metrics as r
    union all
    select
        (a.created_at at time zone 'UTC')::date,
        a.owner,
        a.currency,
        (a.kind = 'add')::integer,
        (a.kind = 'removal')::integer,
        (a.kind = 'quantity_change')::integer,
        (a.kind = 'merge')::integer,
        (a.kind = 'abandoned')::integer,
        (a.kind = 'converted')::integer,
        case when a.kind = 'add' then a.value else 0 end,
        case when a.kind = 'abandoned' then a.value else 0 end,
        case when a.kind = 'converted' then a.value else 0 end
    from cart.cart_activities as a
) as m
group by m.day, m.owner, m.currency;

comment on view cart.metric_list is
'What owners did with their carts, by day in UTC, what is not rolled up yet included. Replica:
yes.';
grant select on cart.metric_list to cart_service;
